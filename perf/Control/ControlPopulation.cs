using Substrate.Perf.Rounds;
using Substrate.State.Actors;
using Substrate.State.Storage;

namespace Substrate.Perf.Control;

/// <summary>Very many actors at rest: what they cost in the store, and how long reading one or a page of them takes.</summary>
internal sealed class ControlPopulation(ControlCluster cluster, TimeProvider time)
{
    private const int Parallel = 512;
    private const int Page = 100;

    private static readonly Dictionary<string, string> NoLabels = [];

    /// <summary>Creates actors <paramref name="from"/> to <paramref name="to"/>, and answers how much memory the store took for each, in bytes.</summary>
    public async Task<double> GrowAsync(int from, int to, CancellationToken cancellationToken)
    {
        var before = await UsedAsync();
        for (var at = from; at < to; at += Parallel)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.WhenAll(Enumerable.Range(at, Math.Min(Parallel, to - at)).Select(CreateAsync));
        }

        return (await UsedAsync() - before) / (to - from);
    }

    /// <summary>Times of reading single records.</summary>
    public Task<Samples> GetAsync(int actors, int count) => TimeAsync(count, i => cluster.Actors.GetAsync(Key(Spread(i, count, actors))));

    /// <summary>Times of reading a page of a hundred, from all over the names.</summary>
    public Task<Samples> ListAsync(int actors, int count, CancellationToken cancellationToken)
    {
        var listing = new ActorListing(cluster.Redis, cluster.Actors);
        return TimeAsync(count, i => listing.PageAsync(ControlCluster.Atespace, ControlLoad.Name(Spread(i, count, actors - Page)), Page, cancellationToken));
    }

    private async Task<Samples> TimeAsync(int count, Func<int, Task> read)
    {
        var samples = new Samples();
        for (var i = -count / 10; i < count; i++)
        {
            var start = time.GetTimestamp();
            await read(Math.Abs(i));
            if (i >= 0)
            {
                samples.Add(time.GetElapsedTime(start));
            }
        }

        return samples;
    }

    private Task CreateAsync(int index) =>
        cluster.Actors.CreateAsync(Key(index), Guid.NewGuid().ToString("N"), ControlCluster.Template, NoLabels);

    private async Task<double> UsedAsync()
    {
        var memory = await cluster.Redis.GetServers()[0].InfoAsync("memory");
        return double.Parse(memory.SelectMany(static s => s).First(static s => s.Key == "used_memory").Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static ActorKey Key(int index) => new(ControlCluster.Atespace, ControlLoad.Name(index));

    private static int Spread(int i, int count, int actors) => (int)((long)i * actors / count);
}
