using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Garnet;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Substrate.Cli.Standalone;

/// <summary>
/// The store of a machine that has no Redis: Garnet in this process, on loopback only, persisted in a directory. A change is
/// on disk before it is answered, so that an instance that was killed finds everything again.
/// </summary>
public sealed class EmbeddedStore : IAsyncDisposable
{
    // A start replays at most about this much of the append-only file: past it the store takes a checkpoint and cuts the file.
    private const string ReplayLimit = "16m";

    private readonly GarnetServer _server;

    private EmbeddedStore(GarnetServer server, int port)
    {
        _server = server;
        ConnectionString = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
    }

    /// <summary>For option <c>Redis:ConnectionString</c>.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts the store and reads what the directory holds from an earlier run.</summary>
    /// <param name="directory">Where it keeps its data; made when it does not exist. One process may use it at a time.</param>
    /// <param name="port">Port of 127.0.0.1.</param>
    /// <param name="logger">Is told of warnings and errors; null for nobody.</param>
    /// <param name="memory">Bytes the records may take before the coldest go to disk, for instance <c>256m</c>.</param>
    /// <exception cref="InvalidOperationException">The port is taken, or the store cannot start; the message says what to do.</exception>
    public static EmbeddedStore Start(string directory, int port, ILogger? logger = null, string memory = "256m")
    {
        Directory.CreateDirectory(directory);
        RequireFree(port);
        var server = Create(directory, port, memory, logger ?? NullLogger.Instance);
        try
        {
            server.Start();
            return new EmbeddedStore(server, port);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            server.Dispose();
            throw Taken(port, e);
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Stops the store. Everything is on disk already.</summary>
    public async ValueTask DisposeAsync() => await Task.Run(_server.Dispose);

    private static GarnetServer Create(string directory, int port, string memory, ILogger logger)
    {
        // Garnet's constructor makes every trace message of the process appear on standard output; that listener is taken out again.
        var listeners = Trace.Listeners.Cast<TraceListener>().ToArray();
        try
        {
            return new GarnetServer(
                [
                    "-q", "--bind", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture),
                    "--lua", "--lua-transaction-mode", "--recover", "--checkpointdir", directory,
                    "--aof", "--aof-commit-freq", "0", "--aof-commit-wait", "--aof-size-limit", ReplayLimit,
                    "--aof-page-size", "2m", "--aof-memory", "8m", "--aof-segment-size", "16m",
                    "--memory", memory, "--index", "8m", "--page", "1m",

                    // What no longer fits into memory goes to disk; without this Garnet forgets the oldest records silently.
                    "--storage-tier", "--logdir", directory,

                    // The native device needs libaio, which not every machine has.
                    "--device-type", "RandomAccess",
                ],
                LoggerFactory.Create(builder => builder
                    .SetMinimumLevel(LogLevel.Warning)

                    // It only warns that the logger is given from outside.
                    .AddFilter("ArgParser", LogLevel.Error)
                    .AddProvider(new Forward(logger))));
        }
        finally
        {
            foreach (var added in Trace.Listeners.Cast<TraceListener>().Except(listeners).ToArray())
            {
                Trace.Listeners.Remove(added);
            }
        }
    }

    // Looked at first, so that a second instance never opens the data of a running one.
    private static void RequireFree(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
        }
        catch (SocketException e)
        {
            throw Taken(port, e);
        }
    }

    private static InvalidOperationException Taken(int port, SocketException cause) => new(
        $"The embedded store cannot listen on 127.0.0.1:{port}: {cause.Message}. Stop what uses the port (ss -ltnp 'sport = :{port}' shows it) or choose another port.",
        cause);

    private sealed class Forward(ILogger logger) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => logger;

        public void Dispose()
        {
        }
    }
}
