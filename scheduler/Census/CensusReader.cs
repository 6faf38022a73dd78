using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Substrate.State.Nodes;
using Substrate.State.Storage;

namespace Substrate.Scheduler.Census;

/// <summary>Takes the census. Loops that ask within half an interval share one.</summary>
internal sealed class CensusReader(
    NodeRegistry nodes, ActorStore actors, StoreClock clock, IOptions<SchedulerOptions> options, TimeProvider time)
{
    /// <summary>Records asked for at once: enough to fill the connection, few enough not to flood it.</summary>
    private const int Batch = 256;

    private readonly Lock _lock = new();
    private Task<ClusterCensus>? _reading;
    private long _started;

    /// <summary>A census that is at most half an interval old.</summary>
    public Task<ClusterCensus> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var fresh = _reading is { IsFaulted: false } && time.GetElapsedTime(_started) < options.Value.Interval / 2;
            if (!fresh)
            {
                _started = time.GetTimestamp();
                _reading = TakeAsync();
            }

            return _reading!.WaitAsync(cancellationToken);
        }
    }

    private async Task<ClusterCensus> TakeAsync()
    {
        var at = await clock.NowAsync();
        var leases = await nodes.ListAsync();
        var taken = ImmutableArray.CreateBuilder<NodeCensus>(leases.Count);
        foreach (var lease in leases)
        {
            taken.Add(await TakeAsync(lease));
        }

        return new(at, taken.ToImmutable());
    }

    private async Task<NodeCensus> TakeAsync(NodeLease lease)
    {
        var members = ImmutableArray.CreateBuilder<Member>();
        foreach (var chunk in (await nodes.ActorsAsync(lease.Status.Id)).Chunk(Batch))
        {
            members.AddRange(await Task.WhenAll(chunk.Select(async key => new Member(key, await actors.GetAsync(key)))));
        }

        return new(lease, members.ToImmutable());
    }
}
