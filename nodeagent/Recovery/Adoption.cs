using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Actors;
using Substrate.NodeAgent.Admission;
using Substrate.NodeAgent.Cgroups;
using Substrate.NodeAgent.Networks;
using Substrate.NodeAgent.Sandboxes;
using Substrate.State.Activation;
using Substrate.State.Actors;
using Substrate.State.Storage;
using Substrate.State.Templates;

namespace Substrate.NodeAgent.Recovery;

/// <summary>
/// Takes over the running actors of an agent that died: they lived on, and go on as they are when everything can be proven. The process
/// is the one that was created (number, time of start, cgroup), its network is whole, and the record names this node, this epoch and
/// this endpoint. What cannot be proven is left to others.
/// </summary>
internal sealed class Adoption(
    IOptions<NodeOptions> options,
    NodePaths paths,
    SandboxFactory factory,
    Berths berths,
    ICgroups cgroups,
    LiveActors live,
    Ledger ledger,
    Ending ending,
    ActorStore actors,
    TimeProvider time,
    ILogger<Adoption> logger)
{
    /// <summary>Takes over what it can.</summary>
    public async Task<IReadOnlyList<Sandbox>> AdoptAsync(CancellationToken cancellationToken)
    {
        var adopted = new List<Sandbox>();
        foreach (var directory in Directory.GetDirectories(paths.Sandboxes))
        {
            try
            {
                if (await AdoptAsync(directory, cancellationToken) is { } sandbox)
                {
                    adopted.Add(sandbox);
                }
            }
            catch (NetworkException e)
            {
                Log.NotKept(logger, "an actor", Path.GetFileName(directory), e.Message);
            }
        }

        return adopted;
    }

    private async Task<Sandbox?> AdoptAsync(string directory, CancellationToken cancellationToken)
    {
        // 1. The process.
        var id = Path.GetFileName(directory);
        if (SandboxFacts.Read<SandboxOwner>(directory, Sandbox.OwnerName) is not { Atespace.Length: > 0 } owner
            || SandboxFacts.Read<SandboxFacts>(directory, Sandbox.FactsName) is not { Lives: true } facts
            || !cgroups.Holds(id, facts.Pid))
        {
            return null;
        }

        // 2. The record: nobody else may have been given the actor meanwhile.
        var record = await actors.GetAsync(owner.Key);
        if (record is null || record.Epoch != owner.Epoch || record.Node != options.Value.Id || record.Endpoint != owner.Endpoint
            || owner.Endpoint != facts.Endpoint || record.State is not (ActorState.Running or ActorState.Pausing or ActorState.Suspending))
        {
            return null;
        }

        // 3. The network, with its port open.
        if (await factory.AdoptBerthAsync(facts, cancellationToken) is not { } berth)
        {
            return null;
        }

        await berth.Network.OpenAsync(facts.Port, facts.Template.Spec.Container.Port, cancellationToken);

        // 4. A suspension that nobody is left to finish had not come to its checkpoint.
        if (record.State != ActorState.Running && !(await actors.AbortAsync(owner.Key, owner.Epoch, "")).Done)
        {
            berth.Flows.Dispose();
            return null;
        }

        var sandbox = factory.Adopt(id, berth, facts);
        berths.Adopt(berth.Index);
        Take(owner, sandbox);
        return sandbox;
    }

    private void Take(SandboxOwner owner, Sandbox sandbox)
    {
        var actor = new LiveActor(owner.Key, owner.Epoch, time.GetTimestamp())
        {
            Sandbox = sandbox,
            Place = ledger.Keep(Room.Of(ResourceRequest.Of(sandbox.Template))),
            Phase = LivePhase.Running,
        };
        actor.Activity.Saw(busy: true, packets: true, time.GetTimestamp());
        live.TryAdd(actor);
        actor.Finish(new NodeActivation(NodeOutcome.Running, sandbox.Endpoint));
        ending.Watch(actor);
        Log.Adopted(logger, owner.Key.ToString(), owner.Epoch, sandbox.Endpoint);
    }
}
