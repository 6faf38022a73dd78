using System.Globalization;
using Substrate.AteApi;
using Substrate.NodeAgents;
using Substrate.State.Actors;
using Substrate.State.Nodes;
using Substrate.State.Storage;
using Substrate.State.Templates;

namespace Substrate.Scheduler.Api;

/// <summary>Shows the slots of the live nodes as the original's workers.</summary>
internal sealed class WorkerCalls(NodeRegistry nodes, ActorStore actors, NodeAgentClients agents)
{
    public async Task<IReadOnlyList<Worker>> ListAsync(CancellationToken cancellationToken)
    {
        var live = (await nodes.ListAsync()).Where(static lease => lease.Live).Select(static lease => lease.Status);
        var workers = await Task.WhenAll(live.Select(node => ListAsync(node, cancellationToken)));
        return [.. workers.SelectMany(static w => w)];
    }

    private async Task<IEnumerable<Worker>> ListAsync(NodeStatus node, CancellationToken cancellationToken)
    {
        var answer = await agents.ListSandboxesAsync(node, cancellationToken);
        var busy = answer.Reply is { } reply
            ? reply.Sandboxes.Where(static s => s.Actor is not null)
                .Select(static s => (Key: new ActorKey(s.Actor.Atespace, s.Actor.Name), Template: new TemplateKey(s.TemplateNamespace, s.TemplateName)))
            : await RecordedAsync(node.Id);
        var ordered = busy.OrderBy(static b => b.Key.Atespace, StringComparer.Ordinal).ThenBy(static b => b.Key.Name, StringComparer.Ordinal).ToList();
        return Enumerable.Range(0, Math.Max(node.Slots, ordered.Count)).Select(i => Slot(node, i, i < ordered.Count ? ordered[i] : default));
    }

    // A node that does not answer for the moment still has the actors that the records place there.
    private async Task<IEnumerable<(ActorKey Key, TemplateKey Template)>> RecordedAsync(string node)
    {
        var records = await Task.WhenAll((await nodes.ActorsAsync(node)).Select(actors.GetAsync));
        return records.OfType<ActorRecord>().Where(record => record.Node == node).Select(static record => (record.Key, record.Template));
    }

    private static Worker Slot(NodeStatus node, int index, (ActorKey Key, TemplateKey Template) actor) => new()
    {
        WorkerNamespace = ActorMessages.WorkerNamespace,
        WorkerPool = node.Pool,
        WorkerPod = string.Create(CultureInfo.InvariantCulture, $"{node.Id}-{index}"),
        WorkerPodUid = string.Create(CultureInfo.InvariantCulture, $"{node.Incarnation}-{index}"),
        NodeName = node.Id,
        Ip = Uri.TryCreate(node.Address, UriKind.Absolute, out var address) ? address.Host : "",
        ActorAtespace = actor.Key.Atespace ?? "",
        ActorId = actor.Key.Name ?? "",
        ActorNamespace = actor.Template.Namespace ?? "",
        ActorTemplate = actor.Template.Name ?? "",
    };
}
