using Microsoft.Extensions.DependencyInjection;
using Substrate.AteApi;
using Substrate.Cli.Connection;
using Substrate.Cli.Standalone;
using Substrate.Perf.Installations;
using Substrate.State.Activation;
using Substrate.State.Actors;
using Substrate.State.Nodes;
using Substrate.State.Storage;
using Substrate.State.Templates;

namespace Substrate.Cli.Benchmarks;

/// <summary>An instance of everything for one benchmark, with a directory and ports of its own; nothing of it stays.</summary>
internal sealed class PrivateInstance(Instance instance, DataDirectory data, InstancePorts ports, string runsc, ApiClient api) : IInstallation
{
    public Uri Ingress { get; } = new($"http://127.0.0.1:{ports.Ingress}");

    public Uri Ops { get; } = new($"http://127.0.0.1:{ports.Ops}");

    public string Runsc => runsc;

    public string Snapshots => Path.Combine(data.Node, "snapshots");

    public string Store => data.Snapshots;

    public string Bundles => $"/run/substrate/{data.NodeId}/sandboxes";

    public string Work => data.Path;

    public ActorStore Actors { get; } = instance.Proxy.GetRequiredService<ActorStore>();

    private readonly NodeRegistry _nodes = instance.Proxy.GetRequiredService<NodeRegistry>();

    public INodeAgents Nodes { get; } = instance.Proxy.GetRequiredService<INodeAgents>();

    public async Task<NodeStatus> NodeAsync(CancellationToken cancellationToken) =>
        (await _nodes.ListAsync()).Single(static n => n.Live).Status;

    public string Redis => $"127.0.0.1:{ports.Store}";

    public async Task CreateAsync(ActorKey actor, TemplateKey template, CancellationToken cancellationToken) => await api.Control.CreateActorAsync(
        new CreateActorRequest { ActorRef = Ref(actor), ActorTemplateNamespace = template.Namespace, ActorTemplateName = template.Name },
        api.Call(cancellationToken));

    public async Task PauseAsync(ActorKey actor, CancellationToken cancellationToken) =>
        await api.Control.PauseActorAsync(new PauseActorRequest { ActorRef = Ref(actor) }, api.Call(cancellationToken));

    public async Task SuspendAsync(ActorKey actor, CancellationToken cancellationToken) =>
        await api.Control.SuspendActorAsync(new SuspendActorRequest { ActorRef = Ref(actor) }, api.Call(cancellationToken));

    public async ValueTask DisposeAsync()
    {
        api.Dispose();
        await instance.DisposeAsync();
        Remove(data);
    }

    /// <summary>Gives the directory up and removes it.</summary>
    public static void Remove(DataDirectory data)
    {
        data.Dispose();
        Directory.Delete(data.Path, recursive: true);
    }

    private static ActorRef Ref(ActorKey actor) => new() { Atespace = actor.Atespace, Name = actor.Name };
}
