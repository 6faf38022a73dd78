using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Substrate.Perf.Suites;

namespace Substrate.Perf.Proxy;

/// <summary>A server as a process of its own, with what it has used of processor and memory. Its output goes to a file.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly string _log;

    private ServerProcess(Process process, string log) => (_process, _log) = (process, log);

    /// <summary>Starts it and waits until it listens on every port.</summary>
    /// <param name="log">File for its output.</param>
    /// <param name="ports">Ports that it listens on.</param>
    /// <param name="environment">Variables beside those of this process.</param>
    /// <param name="time">The clock.</param>
    /// <param name="command">The command.</param>
    /// <exception cref="BenchException">It ended, or did not listen in time.</exception>
    public static async Task<ServerProcess> StartAsync(
        string log, int[] ports, IReadOnlyDictionary<string, string>? environment, TimeProvider time, params string[] command)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null", "sh", log, .. command]);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var server = new ServerProcess(Process.Start(start)!, log);
        var began = time.GetTimestamp();
        foreach (var port in ports)
        {
            while (!await ListensAsync(port))
            {
                if (server._process.HasExited || time.GetElapsedTime(began) > StartLimit)
                {
                    await server.DisposeAsync();
                    throw new BenchException($"'{command[0]}' does not listen on port {port}") { Details = await File.ReadAllTextAsync(log) };
                }

                await Task.Delay(TimeSpan.FromMilliseconds(20), time, CancellationToken.None);
            }
        }

        return server;
    }

    /// <summary>Processor time so far, of all its threads.</summary>
    public TimeSpan Cpu
    {
        get
        {
            // After the name in brackets: fields 14 and 15 of proc(5), in ticks.
            var stat = File.ReadAllText($"/proc/{_process.Id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
            return TimeSpan.FromSeconds(ticks / 100.0);
        }
    }

    /// <summary>Memory that it has to itself, in bytes.</summary>
    public long PrivateBytes => File.ReadLines($"/proc/{_process.Id}/smaps_rollup")
        .Where(static line => line.StartsWith("Private_", StringComparison.Ordinal))
        .Sum(static line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    public override string ToString() => _log;

    private static async Task<bool> ListensAsync(int port)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
