using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Substrate.State.Actors;
using Substrate.State.Templates;

namespace Substrate.NodeAgent.Snapshots;

/// <summary>
/// Names one snapshot, and is its relative path everywhere: <c>OWNER/ID</c>. Only valid labels get in, so that it cannot lead
/// out of the directory it is combined with.
/// </summary>
internal readonly record struct SnapshotName
{
    private const int MaxIdLength = 128;
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz-");
    private readonly string? _owner;
    private readonly string? _id;

    /// <exception cref="ArgumentException">One of them has another form.</exception>
    public SnapshotName(string owner, string id)
    {
        if (!IsOwner(owner))
        {
            throw new ArgumentException($"'{owner}' is not actors/ATESPACE/NAME or goldens/NAMESPACE/NAME/UID", nameof(owner));
        }

        if (!IsId(id))
        {
            throw new ArgumentException($"'{id}' is not a snapshot id: 1 to {MaxIdLength} characters of 0-9, a-z and '-'", nameof(id));
        }

        _owner = owner;
        _id = id;
    }

    /// <summary>Whose it is: <c>actors/ATESPACE/NAME</c> or <c>goldens/NAMESPACE/NAME/UID</c>.</summary>
    public string Owner => _owner ?? throw new InvalidOperationException("a snapshot name without value was used");

    /// <summary>Which of the owner's snapshots it is.</summary>
    public string Id => _id ?? throw new InvalidOperationException("a snapshot name without value was used");

    /// <summary>A snapshot of an actor.</summary>
    public static SnapshotName ForActor(ActorKey actor, string id) => new(OwnerOf(actor), id);

    /// <summary>The golden snapshot of one application of a template.</summary>
    public static SnapshotName ForGolden(TemplateKey template, string uid, string id) => new(OwnerOf(template, uid), id);

    /// <summary>The owner part for an actor.</summary>
    public static string OwnerOf(ActorKey actor) => $"actors/{actor}";

    /// <summary>The owner part for one application of a template.</summary>
    public static string OwnerOf(TemplateKey template, string uid) => $"goldens/{template}/{uid}";

    /// <summary>Reads <c>OWNER/ID</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out SnapshotName name)
    {
        name = default;
        var slash = text?.LastIndexOf('/') ?? -1;
        if (slash < 0 || !IsOwner(text![..slash]) || !IsId(text[(slash + 1)..]))
        {
            return false;
        }

        name = new SnapshotName(text[..slash], text[(slash + 1)..]);
        return true;
    }

    /// <summary>True for text that is the owner of snapshots.</summary>
    public static bool IsOwner([NotNullWhen(true)] string? text)
    {
        var parts = text?.Split('/') ?? [];
        return parts switch
        {
            ["actors", var atespace, var name] => Names.IsLabel(atespace) && Names.IsLabel(name),
            ["goldens", var space, var name, var uid] => Names.IsLabel(space) && Names.IsLabel(name) && Names.IsLabel(uid),
            _ => false,
        };
    }

    /// <summary>The form used as relative path and in messages: <c>OWNER/ID</c>.</summary>
    public override string ToString() => $"{Owner}/{Id}";

    private static bool IsId([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= MaxIdLength } && !text.AsSpan().ContainsAnyExcept(IdCharacters);
}
