using Substrate.State.Activation;
using Substrate.State.Actors;
using Substrate.State.Nodes;
using Substrate.State.Storage;
using Substrate.State.Templates;

namespace Substrate.Perf.Installations;

/// <summary>A private installation of everything. It has atespace <see cref="Atespace"/> and template <see cref="Counter"/>.</summary>
internal interface IInstallation : IAsyncDisposable
{
    /// <summary>The atespace that is there from the start.</summary>
    const string Atespace = "demo";

    /// <summary>The counter demo.</summary>
    static readonly TemplateKey Counter = new("demo", "counter");

    /// <summary>The proxy, by path: <c>/actors/ATESPACE/ACTOR/</c>.</summary>
    Uri Ingress { get; }

    /// <summary>Where the metrics of all parts are: <c>/metrics</c>.</summary>
    Uri Ops { get; }

    /// <summary>The sandbox runtime.</summary>
    string Runsc { get; }

    /// <summary>The node's snapshots, as the runtime wrote them.</summary>
    string Snapshots { get; }

    /// <summary>The snapshot store's directory.</summary>
    string Store { get; }

    /// <summary>Bundles of live and pre-created sandboxes.</summary>
    string Bundles { get; }

    /// <summary>A directory for the benchmark's own files, removed with the installation.</summary>
    string Work { get; }

    /// <summary>The records, for looking at them and for claims of one's own.</summary>
    ActorStore Actors { get; }

    /// <summary>Calls to the node that pass the proxy by.</summary>
    INodeAgents Nodes { get; }

    /// <summary>The installation's node.</summary>
    Task<NodeStatus> NodeAsync(CancellationToken cancellationToken);

    /// <summary>Redis, as a connection string.</summary>
    string Redis { get; }

    /// <summary>Creates an actor at rest.</summary>
    Task CreateAsync(ActorKey actor, TemplateKey template, CancellationToken cancellationToken);

    /// <summary>Pauses it through the admin API: the snapshot stays on the node's disk.</summary>
    Task PauseAsync(ActorKey actor, CancellationToken cancellationToken);

    /// <summary>Suspends it through the admin API: the snapshot is in the store.</summary>
    Task SuspendAsync(ActorKey actor, CancellationToken cancellationToken);
}
