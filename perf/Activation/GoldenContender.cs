using Substrate.Perf.Installations;
using Substrate.Perf.Load;
using Substrate.Perf.Rounds;
using Substrate.Perf.Suites;
using Substrate.State.Actors;

namespace Substrate.Perf.Activation;

/// <summary>The first request ever to an actor, which starts from its template's golden snapshot. The actor is paused afterwards, untimed.</summary>
internal sealed class GoldenContender(IInstallation installation, HttpClient http, TimeProvider time) : IContender
{
    private int _actors;

    public string Name => "golden";

    public async Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken)
    {
        var actor = new ActorKey(IInstallation.Atespace, $"fresh{++_actors}");
        await installation.CreateAsync(actor, IInstallation.Counter, cancellationToken);
        await Task.Delay(ActivationSuite.Settle, time, cancellationToken);
        var started = time.GetTimestamp();
        using var response = await http.GetAsync($"/actors/{actor}/", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var took = time.GetElapsedTime(started);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (CounterAnswer.Parse(text) is not { Memory: 1, File: 1 })
        {
            throw new BenchException($"the first request to {actor} was answered {(int)response.StatusCode}: {text.Trim()}");
        }

        await installation.PauseAsync(actor, cancellationToken);
        return new Dictionary<string, double> { ["ms"] = took.TotalMilliseconds };
    }
}
