using Substrate.Perf.Installations;
using Substrate.Perf.Load;
using Substrate.Perf.Rounds;
using Substrate.Perf.Suites;
using Substrate.State.Actors;
using Substrate.State.Templates;

namespace Substrate.Perf.Activation;

/// <summary>A request through the proxy to an actor at rest, until its first byte. It is brought to rest again afterwards, untimed.</summary>
internal sealed class ProxyContender(IInstallation installation, HttpClient http, ActorKey actor, Rest rest, TimeProvider time) : IContender
{
    private long _count;

    public string Name => rest.Case;

    /// <summary>Creates the actor and asks it for the first time, so that every later request finds it in the same way.</summary>
    public async Task PrepareAsync(TemplateKey template, CancellationToken cancellationToken)
    {
        await installation.CreateAsync(actor, template, cancellationToken);
        await RequestAsync(cancellationToken);
        await rest.EnterAsync(installation, actor, cancellationToken);
    }

    public async Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(ActivationSuite.Settle, time, cancellationToken);
        var took = await RequestAsync(cancellationToken);
        await rest.EnterAsync(installation, actor, cancellationToken);
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
            : throw new BenchException($"request {_count} to {actor} was answered {(int)response.StatusCode}: {text.Trim()}");
    }
}
