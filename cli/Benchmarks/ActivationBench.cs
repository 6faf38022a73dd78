using Substrate.Admin.V1;
using Substrate.AteApi;
using Substrate.Cli.Multiplexing;
using Substrate.Cli.Output;
using Substrate.Cli.Standalone;

namespace Substrate.Cli.Benchmarks;

/// <summary>
/// A request to a paused actor, beside the runtime's own restore of the same snapshot. Raw and proxied rounds alternate, so that whatever else
/// the machine does falls on both.
/// </summary>
internal sealed class ActivationBench(ActivationPlan plan, Screen screen, TimeProvider time)
{
    private static readonly ActorRef Actor = new() { Atespace = CounterDemo.Atespace, Name = "bench" };

    public async Task<ActivationResult> RunAsync(CancellationToken cancellationToken)
    {
        await using var instance = await PrivateInstance.StartAsync(plan.Slots, screen, cancellationToken);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{instance.Ports.Ingress}"),
            Timeout = TimeSpan.FromSeconds(60),
        };
        var create = new CreateActorRequest { ActorRef = Actor, ActorTemplateNamespace = "demo", ActorTemplateName = "counter" };
        await instance.Api.Control.CreateActorAsync(create, instance.Api.Call(cancellationToken));
        var count = 0;
        await RequestAsync(http, ++count, cancellationToken);
        await PauseAsync(instance, cancellationToken);
        await using var raw = await PrepareRawAsync(instance, cancellationToken);

        var result = new ActivationResult(new Samples(), new Samples());
        for (var round = -ActivationPlan.WarmUp; round < plan.Cycles; round++)
        {
            await raw.CreateAsync(cancellationToken);
            await Task.Delay(ActivationPlan.Settle, time, cancellationToken);
            var restore = await raw.RestoreAsync(cancellationToken);
            await raw.RemoveAsync();

            await Task.Delay(ActivationPlan.Settle, time, cancellationToken);
            var request = await RequestAsync(http, ++count, cancellationToken);
            await PauseAsync(instance, cancellationToken);
            if (round >= 0)
            {
                result.Raw.Add(restore);
                result.Proxy.Add(request);
                Tell(round, restore, request);
            }
        }

        return result;
    }

    private void Tell(int round, TimeSpan restore, TimeSpan request)
    {
        if ((round + 1) % 5 == 0 || round + 1 == plan.Cycles)
        {
            screen.Note(FormattableString.Invariant(
                $"  {round + 1}/{plan.Cycles}: runsc restore {restore.TotalMilliseconds:0.0} ms, through the proxy {request.TotalMilliseconds:0.0} ms"));
        }
    }

    // The time until the first byte; the rest of the answer says whether it was the right actor in the right state.
    private async Task<TimeSpan> RequestAsync(HttpClient http, int count, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var response = await http.GetAsync($"/actors/{Actor.Atespace}/{Actor.Name}/", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var took = time.GetElapsedTime(started);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode && CounterAnswer.Parse(text) is { } answer && answer.Memory == count && answer.File == count
            ? took
            : throw new CommandFailure($"request {count} was answered {(int)response.StatusCode}: {text.Trim()}");
    }

    private static async Task PauseAsync(PrivateInstance instance, CancellationToken cancellationToken) =>
        await instance.Api.Control.PauseActorAsync(new PauseActorRequest { ActorRef = Actor }, instance.Api.Call(cancellationToken));

    private async Task<RawRestore> PrepareRawAsync(PrivateInstance instance, CancellationToken cancellationToken)
    {
        var request = new DescribeActorRequest { Atespace = Actor.Atespace, Name = Actor.Name };
        var id = (await instance.Api.Admin.DescribeActorAsync(request, instance.Api.Call(cancellationToken))).Snapshot;
        var snapshot = Directory.EnumerateDirectories(instance.Snapshots, id, SearchOption.AllDirectories).FirstOrDefault()
            ?? throw new CommandFailure($"snapshot '{id}' is not below {instance.Snapshots}");
        var config = Directory.EnumerateFiles(instance.Bundles, "config.json", SearchOption.AllDirectories).FirstOrDefault()
            ?? throw new CommandFailure($"no bundle is below {instance.Bundles}");

        // The node keeps only the newest snapshot of an actor: the one that is measured has to outlive it.
        var work = Directory.CreateDirectory(Path.Combine(instance.Work, "raw")).FullName;
        var copy = Directory.CreateDirectory(Path.Combine(work, "snapshot")).FullName;
        foreach (var file in Directory.EnumerateFiles(snapshot))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        var raw = new RawRestore(new RawRestoreInputs(instance.Runsc, await File.ReadAllTextAsync(config, cancellationToken), copy, work), time);
        await raw.PrepareAsync(cancellationToken);
        return raw;
    }
}
