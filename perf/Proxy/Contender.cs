using Substrate.Perf.Rounds;

namespace Substrate.Perf.Proxy;

/// <summary>One server under one load.</summary>
/// <param name="name">Name in tables.</param>
/// <param name="server">The server.</param>
/// <param name="ports">Its ports: HTTP/1.1 and HTTP/2.</param>
/// <param name="host">The host that requests name.</param>
/// <param name="load">The load.</param>
/// <param name="requests">Requests of one round.</param>
/// <param name="work">Directory for what the load leaves.</param>
internal sealed class Contender(string name, ServerProcess server, (int Http1, int Http2) ports, string host, ProxyCase load, int requests, string work) : IContender
{
    public string Name => name;

    public async Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken)
    {
        var before = server.Cpu;
        var ran = await H2Load.RunAsync(load, load.Http2 ? ports.Http2 : ports.Http1, host, requests, work, cancellationToken);
        var used = server.Cpu - before;
        return new Dictionary<string, double>
        {
            ["rps"] = ran.PerSecond,
            ["cpu_us_per_request"] = used.TotalMicroseconds / ran.Requests,
            ["p50_ms"] = ran.P50,
            ["p99_ms"] = ran.P99,
        };
    }
}
