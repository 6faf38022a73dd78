using System.Globalization;
using System.Text.Json;
using StackExchange.Redis;
using Substrate.State.Actors;
using Substrate.State.Nodes;
using Substrate.State.Transitions;

namespace Substrate.State.Storage;

/// <summary>The nodes and their leases. Deadlines are judged by the store's clock alone.</summary>
public sealed class NodeRegistry(IConnectionMultiplexer redis)
{
    private readonly IDatabase _db = redis.GetDatabase();

    /// <summary>Renews a node's lease and publishes its status.</summary>
    /// <param name="status">What the node says of itself.</param>
    /// <param name="lease">How long the lease holds from now.</param>
    /// <param name="follows">Incarnation that this process provably replaces; empty when it replaces none.</param>
    /// <param name="ended">True when the actors that were given up are known to have ended; see <see cref="RenewalOutcome.Lapsed"/>.</param>
    public async Task<NodeRenewal> RenewAsync(NodeStatus status, TimeSpan lease, string follows, bool ended = false)
    {
        await _db.SortedSetAddAsync(Keys.Nodes, status.Id, 0);
        var answer = (RedisValue[])(await _db.ScriptEvaluateAsync(
            Scripts.Standalone("_node_renew"),
            [Keys.Node(status.Id)],
            [status.Incarnation, (long)lease.TotalMilliseconds, JsonSerializer.Serialize(status), follows, ended ? "1" : "0"]))!;
        var outcome = answer[0].ToString() switch { "ok" => RenewalOutcome.Ok, "lapsed" => RenewalOutcome.Lapsed, _ => RenewalOutcome.Held };
        return new(outcome, (NodeWish)(int)answer[1]);
    }

    /// <summary>Ends a node's lease at once and tells everyone; its record stays until <see cref="RemoveAsync"/>.</summary>
    public async Task<bool> LeaveAsync(NodeStatus status)
    {
        var left = await RenewAsync(status with { Draining = true }, TimeSpan.Zero, "");
        await AnnounceAsync(status.Id);
        return left.Done;
    }

    /// <summary>Says what is wanted of a node and tells everyone; the node learns it with its next renewal.</summary>
    /// <returns>False when there is no such node.</returns>
    public async Task<bool> WishAsync(string id, NodeWish wish)
    {
        var known = (long)await _db.ScriptEvaluateAsync(Scripts.Standalone("_node_wish"), [Keys.Node(id)], [(int)wish]);
        await AnnounceAsync(id);
        return known == 1;
    }

    /// <summary>
    /// Gives up the actors of a node whose lease has run out: from here on it cannot hold the lease again before it has ended them. Comes
    /// before any of them is declared lost.
    /// </summary>
    /// <param name="id">The node.</param>
    /// <param name="token">Fencing token of the leader.</param>
    /// <returns>False when the node lives, or a newer leader has been here.</returns>
    public Task<bool> CondemnAsync(string id, long token) => CondemnAsync(id, token, remove: false);

    /// <summary>Tells everyone that a node's room or life changed. A hint only.</summary>
    public Task AnnounceAsync(string node) => _db.PublishAsync(Keys.NodeEvents, node);

    /// <summary>All known nodes, live or not.</summary>
    public async Task<IReadOnlyList<NodeLease>> ListAsync()
    {
        var ids = await _db.SortedSetRangeByRankAsync(Keys.Nodes);
        var leases = await Task.WhenAll(ids.Select(id => GetAsync(id.ToString())));
        return [.. leases.OfType<NodeLease>()];
    }

    /// <summary>One node; null when it is unknown.</summary>
    public async Task<NodeLease?> GetAsync(string id)
    {
        var answer = (RedisValue[])(await _db.ScriptEvaluateAsync(Scripts.Standalone("_node_read"), [Keys.Node(id)]))!;
        return answer.Length < 2
            ? null
            : new NodeLease(
                JsonSerializer.Deserialize<NodeStatus>(answer[1].ToString())!,
                TimeSpan.FromMilliseconds(long.Parse(answer[0].ToString(), CultureInfo.InvariantCulture)),
                (NodeWish)(int)answer[2]);
    }

    /// <summary>A superset of the actors that may be live on a node.</summary>
    public async Task<IReadOnlyList<ActorKey>> ActorsAsync(string id)
    {
        var members = await _db.SetMembersAsync(Keys.NodeActors(id));
        var keys = new List<ActorKey>(members.Length);
        foreach (var member in members)
        {
            if (ActorKey.TryParse(member.ToString(), out var key))
            {
                keys.Add(key);
            }
        }

        return keys;
    }

    /// <summary>Puts an actor on a node's set.</summary>
    public Task RememberActorAsync(string id, ActorKey key) => _db.SetAddAsync(Keys.NodeActors(id), key.ToString());

    /// <summary>Takes an actor off a node's set, once its record says that it is elsewhere or at rest.</summary>
    public Task ForgetActorAsync(string id, ActorKey key) => _db.SetRemoveAsync(Keys.NodeActors(id), key.ToString());

    /// <summary>Removes a dead node's record once none of its actors are left.</summary>
    /// <param name="id">The node.</param>
    /// <param name="token">Fencing token of the leader.</param>
    /// <returns>False when the node lives, or a newer leader has been here.</returns>
    public async Task<bool> RemoveAsync(string id, long token)
    {
        if (!await CondemnAsync(id, token, remove: true))
        {
            return false;
        }

        await _db.SortedSetRemoveAsync(Keys.Nodes, id);
        if (await _db.KeyExistsAsync(Keys.Node(id)))
        {
            // It has come back in between.
            await _db.SortedSetAddAsync(Keys.Nodes, id, 0);
        }

        return true;
    }

    private async Task<bool> CondemnAsync(string id, long token, bool remove) =>
        (string?)await _db.ScriptEvaluateAsync(Scripts.Standalone("_node_condemn"), [Keys.Node(id)], [token, remove ? "1" : "0"]) == "ok";
}
