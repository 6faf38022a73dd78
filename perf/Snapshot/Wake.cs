using Substrate.Perf.Installations;
using Substrate.Perf.Rounds;
using Substrate.Perf.Suites;
using Substrate.State.Actors;

namespace Substrate.Perf.Snapshot;

/// <summary>Where an actor sleeps.</summary>
internal enum Rest
{
    /// <summary>On the node's disk.</summary>
    Paused,

    /// <summary>In the store, with a copy still on the node.</summary>
    WarmCache,

    /// <summary>In the store alone; its golden snapshot is on the node.</summary>
    Cold,
}

/// <summary>A request that wakes an actor from where it sleeps, until its first byte. It is put to sleep first, untimed.</summary>
internal sealed class Wake(IInstallation installation, HttpClient http, ActorKey actor, Rest rest, TimeProvider time) : IContender
{
    public string Name => SnapshotSuite.NameOf(actor.Name, rest);

    public async Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken)
    {
        await PutToSleepAsync(cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
        var start = time.GetTimestamp();
        using var response = await http.GetAsync($"/actors/{actor}/", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var took = time.GetElapsedTime(start);
        return response.IsSuccessStatusCode
            ? new Dictionary<string, double> { ["ms"] = took.TotalMilliseconds }
            : throw new BenchException($"{actor} answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
    }

    private async Task PutToSleepAsync(CancellationToken cancellationToken)
    {
        if (rest == Rest.Paused)
        {
            await installation.PauseAsync(actor, cancellationToken);
            return;
        }

        await installation.SuspendAsync(actor, cancellationToken);
        if (rest == Rest.Cold)
        {
            Directory.Delete(Path.Combine(installation.Snapshots, "actors", actor.Atespace, actor.Name), recursive: true);
        }
    }
}
