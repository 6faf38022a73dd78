using Substrate.Perf.Installations;
using Substrate.Perf.Load;
using Substrate.Perf.Rounds;
using Substrate.Perf.Suites;
using Substrate.State.Actors;

namespace Substrate.Perf.Activation;

/// <summary>A request through the proxy to an actor that is paused, until its first byte. The actor is paused again afterwards, untimed.</summary>
internal sealed class ProxyContender(IInstallation installation, HttpClient http, ActorKey actor, TimeProvider time) : IContender
{
    private long _count;

    public string Name => "through the proxy";

    public async Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(ActivationSuite.Settle, time, cancellationToken);
        var took = await RequestAsync(cancellationToken);
        await installation.PauseAsync(actor, cancellationToken);
        return new Dictionary<string, double> { ["ms"] = took.TotalMilliseconds };
    }

    // The time until the first byte; the rest of the answer says whether it was the right actor in the right state.
    private async Task<TimeSpan> RequestAsync(CancellationToken cancellationToken)
    {
        _count++;
        var started = time.GetTimestamp();
        using var response = await http.GetAsync($"/actors/{actor}/", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var took = time.GetElapsedTime(started);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode && CounterAnswer.Parse(text) is { } answer && answer.Memory == _count && answer.File == _count
            ? took
            : throw new BenchException($"request {_count} was answered {(int)response.StatusCode}: {text.Trim()}");
    }
}
