using Substrate.State.Actors;

namespace Substrate.Proxy.Routing;

/// <summary>The actor that a request names, as parts of the request's own text: finding its route allocates nothing.</summary>
/// <param name="atespace">Its atespace.</param>
/// <param name="name">Its name.</param>
/// <param name="port">One of its further ports; 0 for its main one.</param>
internal readonly ref struct ActorAddress(ReadOnlySpan<char> atespace, ReadOnlySpan<char> name, int port = 0)
{
    public ReadOnlySpan<char> Atespace { get; } = atespace;

    public ReadOnlySpan<char> Name { get; } = name;

    public int Port { get; } = port;

    public ActorKey ToKey() => new(Atespace.ToString(), Name.ToString());
}
