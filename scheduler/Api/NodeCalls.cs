using Grpc.Core;
using Substrate.Admin.V1;
using Substrate.State.Storage;
using Substrate.State.View;

namespace Substrate.Scheduler.Api;

/// <summary>The nodes and pools of the cluster.</summary>
internal sealed class NodeCalls(NodeRegistry nodes, ActorListing listing, ClusterViewFeed view, IHostApplicationLifetime life)
{
    public async Task<ListNodesResponse> ListAsync() =>
        new() { Nodes = { (await nodes.ListAsync()).Select(static lease => AdminMessages.Node(lease.Status, lease.Live)) } };

    public async Task<GetNodeResponse> GetAsync(GetNodeRequest request, CancellationToken cancellationToken)
    {
        var id = AdminRules.Label("id", request.Id);
        var lease = await nodes.GetAsync(id) ?? throw ApiErrors.NodeNotFound(id);
        var page = await listing.QueryAsync(new() { Node = id }, default, ApiRules.LargestPage, cancellationToken);
        return new() { Node = AdminMessages.Node(lease.Status, lease.Live), Actors = { page.Actors.Select(AdminMessages.Actor) } };
    }

    public async Task<ListPoolsResponse> PoolsAsync()
    {
        var live = (await nodes.ListAsync()).Where(static lease => lease.Live).Select(static lease => lease.Status);
        return new()
        {
            Pools =
            {
                live.GroupBy(static node => node.Pool).OrderBy(static pool => pool.Key, StringComparer.Ordinal).Select(static pool => new Pool
                {
                    Name = pool.Key,
                    Nodes = pool.Count(),
                    Draining = pool.Count(static node => node.Draining),
                    Slots = pool.Sum(static node => node.Slots),
                    Active = pool.Sum(static node => node.Active),
                    Evictable = pool.Sum(static node => node.Evictable),
                    MemoryBytes = pool.Sum(static node => node.MemoryBytes),
                    MemoryTaken = pool.Sum(static node => node.MemoryTaken),
                }),
            },
        };
    }

    /// <summary>Sends all live nodes, then each one that changes, until the caller leaves.</summary>
    public async Task WatchAsync(IServerStreamWriter<WatchNodesEvent> stream, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, life.ApplicationStopping);
        var sent = new Dictionary<string, Node>(StringComparer.Ordinal);
        await view.RefreshAsync();
        for (var first = true; ; first = false)
        {
            var next = view.NextChange;
            var now = view.Current.Nodes.Select(static node => AdminMessages.Node(node.Status, live: true)).ToDictionary(static node => node.Id, StringComparer.Ordinal);
            foreach (var node in now.Values.Where(node => !sent.TryGetValue(node.Id, out var before) || !before.Equals(node)))
            {
                await stream.WriteAsync(new() { Type = WatchNodesEvent.Types.Type.Node, Node = node }, either.Token);
            }

            foreach (var gone in sent.Keys.Except(now.Keys))
            {
                await stream.WriteAsync(new() { Type = WatchNodesEvent.Types.Type.Gone, Node = new() { Id = gone } }, either.Token);
            }

            if (first)
            {
                await stream.WriteAsync(new() { Type = WatchNodesEvent.Types.Type.Bookmark }, either.Token);
            }

            sent = now;
            await next.WaitAsync(either.Token);
        }
    }
}
