using System.Diagnostics.CodeAnalysis;

namespace Substrate.State.Actors;

/// <summary>Names one actor: the atespace is part of it everywhere, so equal names of two tenants never meet.</summary>
/// <param name="Atespace">Tenant boundary, a DNS-1123 label.</param>
/// <param name="Name">Name within the atespace, a DNS-1123 label.</param>
public readonly record struct ActorKey(string Atespace, string Name)
{
    /// <summary>Reads <c>atespace/name</c>; false when either part is not a label.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ActorKey key)
    {
        key = default;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 0 || !Names.IsLabel(text.AsSpan(0, slash)) || !Names.IsLabel(text.AsSpan(slash + 1)))
        {
            return false;
        }

        key = new ActorKey(text![..slash], text[(slash + 1)..]);
        return true;
    }

    /// <summary>The form used in keys, logs and events: <c>atespace/name</c>.</summary>
    public override string ToString() => $"{Atespace}/{Name}";
}
