using Substrate.NodeAgent.Snapshots;
using Substrate.State.Actors;
using Substrate.State.Templates;

namespace Substrate.NodeAgent.Actors;

/// <summary>Finds the snapshot that an activation restores: on this node's disk, or else in the store. Nothing unverified is restored.</summary>
internal sealed class SnapshotSource(SnapshotOpener opener, NodeIdentity identity)
{
    /// <summary>Directory of a verified snapshot.</summary>
    /// <param name="key">The actor.</param>
    /// <param name="snapshot">Its snapshot; empty for the template's golden one.</param>
    /// <param name="template">The template.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="SnapshotException">It is missing, damaged or of another runtime; the message says which.</exception>
    public Task<string> OpenAsync(ActorKey key, string snapshot, TemplateRecord template, CancellationToken cancellationToken)
    {
        var name = snapshot.Length > 0
            ? SnapshotName.ForActor(key, snapshot)
            : SnapshotName.ForGolden(template.Key, template.Uid, template.GoldenSnapshot);
        return opener.OpenAsync(name, identity.Runtime, cancellationToken);
    }
}
