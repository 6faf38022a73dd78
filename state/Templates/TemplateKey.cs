using System.Diagnostics.CodeAnalysis;
using Substrate.State.Actors;

namespace Substrate.State.Templates;

/// <summary>Names one actor template.</summary>
/// <param name="Namespace">Namespace, a DNS-1123 label.</param>
/// <param name="Name">Name within the namespace, a DNS-1123 label.</param>
public readonly record struct TemplateKey(string Namespace, string Name)
{
    /// <summary>Reads <c>namespace/name</c>; false when either part is not a label.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TemplateKey key)
    {
        var parsed = ActorKey.TryParse(text, out var pair);
        key = new TemplateKey(pair.Atespace, pair.Name);
        return parsed;
    }

    /// <summary>The form used in keys, logs and records: <c>namespace/name</c>.</summary>
    public override string ToString() => $"{Namespace}/{Name}";
}
