using Substrate.Perf.Installations;
using Substrate.Perf.Load;
using Substrate.Perf.Rounds;
using Substrate.Perf.Suites;
using Substrate.State.Activation;
using Substrate.State.Actors;

namespace Substrate.Perf.Activation;

/// <summary>The node's own activation of a paused actor, asked for as a proxy does, until its reply. The actor is paused again afterwards, untimed.</summary>
internal sealed class NodeContender(IInstallation installation, HttpClient http, ActorKey actor, TimeProvider time) : IContender
{
    public const string Title = "node";

    private static readonly TimeSpan Within = TimeSpan.FromMinutes(1);

    public string Name => Title;

    public async Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(ActivationSuite.Settle, time, cancellationToken);
        var node = await installation.NodeAsync(cancellationToken);
        var claim = await installation.Actors.ClaimAsync(actor, Guid.NewGuid().ToString("N"), node.Id, Within);
        if (claim is not { Done: true, Record: { } record })
        {
            throw new BenchException($"actor {actor} could not be claimed: {claim.Outcome}");
        }

        var started = time.GetTimestamp();
        var activation = await installation.Nodes.ActivateAsync(node, record, boot: false, Within, cancellationToken);
        var took = time.GetElapsedTime(started);
        if (activation.Outcome != NodeOutcome.Running)
        {
            throw new BenchException($"actor {actor} was not activated: {activation.Outcome}, {activation.Reason}");
        }

        await CheckAsync(activation.Endpoint, cancellationToken);
        await installation.PauseAsync(actor, cancellationToken);
        return Values(took, activation.Timings);
    }

    private static Dictionary<string, double> Values(TimeSpan took, ActivationTimings timings) => new()
    {
        ["ms"] = took.TotalMilliseconds,
        ["queue_ms"] = timings.Queue.TotalMilliseconds,
        ["fetch_ms"] = timings.Fetch.TotalMilliseconds,
        ["restore_ms"] = timings.Restore.TotalMilliseconds,
        ["ready_ms"] = timings.Ready.TotalMilliseconds,
        ["publish_ms"] = timings.Publish.TotalMilliseconds,
        ["cold"] = timings.Warm ? 0 : 1,
    };

    private async Task CheckAsync(string endpoint, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{endpoint}/") { Headers = { ConnectionClose = true } };
        using var response = await http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (CounterAnswer.Parse(text) is not { } answer || answer.Actor != actor.Name || answer.Memory != answer.File)
        {
            throw new BenchException($"actor {actor} answered {(int)response.StatusCode}: {text.Trim()}");
        }
    }
}
