using System.Collections.Concurrent;
using Substrate.NodeAgent.Snapshots;
using Substrate.State.Actors;
using Substrate.State.Storage;
using Substrate.State.Templates;

namespace Substrate.NodeAgent.Actors;

/// <summary>
/// Moves committed snapshots from this node's disk to the store, one flight per snapshot. A store that is away delays and never loses:
/// the attempt is repeated with growing pauses while the actor stays PAUSED here.
/// </summary>
internal sealed class Uploads(
    LocalSnapshots local, SnapshotStore store, ActorStore actors, TemplateCache templates, NodeMetrics metrics, TimeProvider time, ILogger<Uploads> logger) : BackgroundService
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<SnapshotName, Task<string?>> _flights = new();
    private readonly ConcurrentDictionary<SnapshotName, (int Failures, long At)> _again = new();

    /// <summary>Uploads a snapshot and records it.</summary>
    /// <returns>Null when the store has it; otherwise why not, and it will be tried again.</returns>
    public Task<string?> UploadAsync(ActorKey key, string snapshot)
    {
        var name = SnapshotName.ForActor(key, snapshot);
        var flight = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var known = _flights.GetOrAdd(name, flight.Task);
        if (known == flight.Task)
        {
            _ = FlyAsync(key, name, flight);
        }

        return known;
    }

    /// <summary>Removes local snapshots of the actor that are older than one which is durable here.</summary>
    public void Supersede(ActorKey key, string newest)
    {
        foreach (var name in local.List(SnapshotName.OwnerOf(key)).Where(n => Epoch(n.Id) < Epoch(newest)).ToArray())
        {
            local.Delete(name);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken);
            foreach (var (name, (_, at)) in _again)
            {
                if (time.GetTimestamp() >= at && ActorKey.TryParse(name.Owner["actors/".Length..], out var key))
                {
                    await UploadAsync(key, name.Id);
                }
            }
        }
    }

    private async Task FlyAsync(ActorKey key, SnapshotName name, TaskCompletionSource<string?> flight)
    {
        var problem = await RunAsync(key, name);
        _flights.TryRemove(name, out _);
        flight.SetResult(problem);
    }

    private async Task<string?> RunAsync(ActorKey key, SnapshotName name)
    {
        try
        {
            if (local.Find(name) is null)
            {
                _again.TryRemove(name, out _);
                return "the snapshot is not on this node any more";
            }

            var start = time.GetTimestamp();
            await store.UploadAsync(local, name, await BaseAsync(key), CancellationToken.None);
            var uploaded = await actors.UploadedAsync(key, name.Id);
            _again.TryRemove(name, out _);
            if (!uploaded.Done)
            {
                // A newer snapshot took its place meanwhile, or the actor is gone.
                await store.DeleteAsync(name, CancellationToken.None);
                return null;
            }

            metrics.Uploaded(time.GetElapsedTime(start));
            await RemoveOlderAsync(name);
            return null;
        }
        catch (Exception e)
        {
            var failures = _again.TryGetValue(name, out var known) ? known.Failures + 1 : 1;
            var pause = TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, Math.Pow(2, failures)));
            _again[name] = (failures, time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency));
            metrics.UploadFailed();
            Log.UploadFailed(logger, name.ToString(), pause.TotalSeconds, e.Message);
            return e.Message;
        }
    }

    // The golden snapshot of the actor's template, while there is one.
    private async Task<SnapshotName?> BaseAsync(ActorKey key) =>
        await actors.GetAsync(key) is { } record
        && await templates.GetAsync(record.Template) is { GoldenSnapshot.Length: > 0 } template
            ? SnapshotName.ForGolden(template.Key, template.Uid, template.GoldenSnapshot)
            : null;

    // The new one is durable and recorded, so nothing refers to the older ones.
    private async Task RemoveOlderAsync(SnapshotName newest)
    {
        foreach (var name in await store.ListAsync(newest.Owner, CancellationToken.None))
        {
            if (name.Id != newest.Id && Epoch(name.Id) < Epoch(newest.Id))
            {
                await store.DeleteAsync(name, CancellationToken.None);
            }
        }
    }

    private static long Epoch(string id) => long.TryParse(id.Split('-')[0], out var epoch) ? epoch : long.MaxValue;
}
