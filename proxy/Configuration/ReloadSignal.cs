using System.Runtime.InteropServices;

namespace Substrate.Proxy.Configuration;

/// <summary>Reads the configuration again at SIGHUP, for files whose changes the system does not tell.</summary>
internal sealed class ReloadSignal(IConfiguration configuration) : IHostedService, IDisposable
{
    private PosixSignalRegistration? _registration;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            (configuration as IConfigurationRoot)?.Reload();
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registration?.Dispose();
}
