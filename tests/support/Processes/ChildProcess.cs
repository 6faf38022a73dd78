using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Substrate.TestSupport.Processes;

/// <summary>A process that a test started: its output is kept, and it never outlives the test.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private const int KeptLines = 500;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private ChildProcess(Process process)
    {
        _process = process;
        AppDomain.CurrentDomain.ProcessExit += KillAtExit;
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Only after the process has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>The last lines of standard output and standard error, in order of arrival.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Starts a program.</summary>
    /// <param name="program">Path of the program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="directory">Its working directory; null for the current one.</param>
    /// <param name="environment">Variables set on top of this process's own.</param>
    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, string? directory = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var child = new ChildProcess(new Process { StartInfo = start });
        child._process.OutputDataReceived += child.Keep;
        child._process.ErrorDataReceived += child.Keep;
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a program to its end and answers what it printed; throws when it fails.</summary>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, TimeSpan within)
    {
        await using var child = Start(program, arguments);
        await child.WaitAsync(within);
        return child.ExitCode == 0
            ? child.Output
            : throw new InvalidOperationException($"{program} {string.Join(' ', child._process.StartInfo.ArgumentList)} ended with {child.ExitCode}: {child.Output}");
    }

    /// <summary>Waits for the end; throws <see cref="TimeoutException"/> when it does not come.</summary>
    public async Task WaitAsync(TimeSpan within)
    {
        using var timer = new CancellationTokenSource(within, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(timer.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_process.StartInfo.FileName} did not end within {within.TotalSeconds:0.#} s. It printed: {Output}");
        }
    }

    /// <summary>Asks the process to end (SIGTERM) and waits for it.</summary>
    public async Task TerminateAsync(TimeSpan within)
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync(CancellationToken.None);
        }

        await WaitAsync(within);
    }

    /// <summary>Ends the process at once (SIGKILL) and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await WaitAsync(TimeSpan.FromSeconds(30));
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not null)
        {
            _output.Enqueue(line.Data);
            while (_output.Count > KeptLines && _output.TryDequeue(out _))
            {
            }
        }
    }

    private void KillAtExit(object? sender, EventArgs e)
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
    }
}
