using System.Runtime.InteropServices;
using Substrate.Cli.Output;

namespace Substrate.Cli.Standalone;

/// <summary>Ctrl-C and the like: the first asks for an orderly end, the second ends at once.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _asked = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Action _tell;

    /// <param name="tell">Called at the first signal.</param>
    public Interrupts(Action tell)
    {
        _tell = tell;
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, Handle));
        }
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _asked.Token;

    public void Dispose()
    {
        _registrations.ForEach(static r => r.Dispose());
        _asked.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_asked.IsCancellationRequested)
        {
            Environment.Exit(ExitCode.Interrupted);
        }

        _tell();
        _asked.Cancel();
    }
}
