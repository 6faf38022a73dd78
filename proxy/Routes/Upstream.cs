using System.Collections.Immutable;
using Yarp.ReverseProxy.Forwarder;

namespace Substrate.Proxy.Routes;

/// <summary>How requests reach one activation: its connections, which serve nothing else, and in which manner they are used.</summary>
/// <param name="Connections">Connections to the activation.</param>
/// <param name="Config">Protocol and limit of silence.</param>
/// <param name="ByHost">Writes requests that name the actor by host, domain or header.</param>
/// <param name="ByPath">Writes requests that name it by path.</param>
internal sealed record Upstream(HttpMessageInvoker Connections, ForwarderRequestConfig Config, HttpTransformer ByHost, HttpTransformer ByPath) : IDisposable
{
    /// <summary>Longest time from sending a request to the end of its answer; infinite unless the template says otherwise.</summary>
    public TimeSpan RequestLimit { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>The port inside the actor that the endpoint stands for.</summary>
    public int MainPort { get; init; }

    /// <summary>Addresses of the actor's further ports, as <c>http://host:port</c>.</summary>
    public ImmutableDictionary<int, string> Ports { get; init; } = ImmutableDictionary<int, string>.Empty;

    public void Dispose() => Connections.Dispose();
}
