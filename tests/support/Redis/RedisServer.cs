using System.Globalization;
using Substrate.TestSupport.Polling;
using Substrate.TestSupport.Processes;
using Xunit;

namespace Substrate.TestSupport.Redis;

/// <summary>
/// A real <c>redis-server</c> of its own on a loopback port, deleted with its directory at the end. A fixture of xunit, or
/// made and initialised by hand. Where the machine has no Redis the test is skipped with that reason.
/// </summary>
public sealed class RedisServer : IAsyncLifetime
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    private readonly ScratchDirectory _directory = new();
    private ChildProcess? _process;

    /// <summary>Keep an append-only file, so that data survives <see cref="RestartAsync"/>. Default: nothing is persisted.</summary>
    public bool AppendOnly { get; init; }

    /// <summary>Further arguments of the command line.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    public int Port { get; private set; }

    /// <summary>For StackExchange.Redis, and for option <c>Redis:ConnectionString</c>.</summary>
    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    public async ValueTask InitializeAsync()
    {
        // Another process may take the port between finding and binding it, so a few are tried.
        for (var attempt = 1; ; attempt++)
        {
            Port = FreePort.Next();
            try
            {
                await StartAsync();
                return;
            }
            catch (InvalidOperationException) when (attempt < 5)
            {
                await StopAsync();
            }
        }
    }

    /// <summary>Starts the server on its port again after <see cref="StopAsync"/>.</summary>
    public async Task StartAsync()
    {
        var program = Executables.Require("redis-server");
        var process = _process = ChildProcess.Start(
            program,
            [
                "--bind", "127.0.0.1", "--port", Port.ToString(CultureInfo.InvariantCulture), "--dir", _directory.Path,
                "--save", "", "--appendonly", AppendOnly ? "yes" : "no", "--appendfsync", "always", .. Arguments,
            ]);
        await Eventually.TrueAsync(
            async () => process.HasExited
                ? throw new InvalidOperationException($"redis-server ended at its start: {process.Output}")
                : process.Output.Contains("Ready to accept connections", StringComparison.Ordinal) && await AnswersAsync(),
            Within,
            $"redis-server answers on {ConnectionString}");
    }

    /// <summary>Kills the server: connections break at once, and what is not in the append-only file is gone.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
        }
    }

    /// <summary>Kills the server and starts it on the same port.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>Runs one command through <c>redis-cli</c> and answers what it printed.</summary>
    public Task<string> RunAsync(params string[] command) =>
        ChildProcess.RunAsync(
            Executables.Require("redis-cli"),
            ["-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-e", .. command],
            Within);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _directory.Dispose();
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            return await RunAsync("PING") == "PONG";
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
