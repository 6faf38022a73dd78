using Substrate.State.Actors;

namespace Substrate.Proxy.Routing;

/// <summary>The actor that a request names, as parts of the request's own text: finding its route allocates nothing.</summary>
internal readonly ref struct ActorAddress(ReadOnlySpan<char> atespace, ReadOnlySpan<char> name)
{
    public ReadOnlySpan<char> Atespace { get; } = atespace;

    public ReadOnlySpan<char> Name { get; } = name;

    public ActorKey ToKey() => new(Atespace.ToString(), Name.ToString());
}
