using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Actors;
using Substrate.NodeAgent.Images;
using Substrate.NodeAgent.Networks;
using Substrate.NodeAgent.Runtime;
using Substrate.NodeAgent.Sandboxes;
using Substrate.NodeAgent.Snapshots;
using Substrate.State.Templates;

namespace Substrate.NodeAgent.Goldens;

/// <summary>What became of a golden build.</summary>
/// <param name="Built">True when the snapshot is in the store.</param>
/// <param name="Reason">Why not, otherwise.</param>
/// <param name="LastOutput">The end of what the process wrote, when it was not built.</param>
/// <param name="ImageDigest">What the image resolved to.</param>
/// <param name="Snapshot">Id of the snapshot.</param>
/// <param name="Bytes">Its raw size.</param>
/// <param name="Retry">True when nothing is wrong with the template and another attempt may succeed.</param>
internal sealed record GoldenResult(
    bool Built, string Reason = "", string LastOutput = "", string ImageDigest = "", string Snapshot = "", long Bytes = 0, bool Retry = false);

/// <summary>Starts a fresh process of a template, waits until it is ready, and keeps its state as what every new actor starts from.</summary>
internal sealed class GoldenBuilder(
    IOptions<NodeOptions> options,
    IImageSource images,
    SandboxPool pool,
    Limits limits,
    ISandboxRuntime runtime,
    Readiness readiness,
    LocalSnapshots local,
    SnapshotStore store,
    NodeIdentity identity,
    TimeProvider time,
    ILogger<GoldenBuilder> logger)
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _one = new(1);

    public async Task<GoldenResult> BuildAsync(TemplateRecord template, CancellationToken cancellationToken)
    {
        UnpackedImage image;
        try
        {
            image = await images.PrepareAsync(template.Spec.Container.Image, template.ImageDigest, cancellationToken);
        }
        catch (ImageException e)
        {
            return new(false, e.Message, Retry: e.Temporary);
        }

        await _one.WaitAsync(cancellationToken);
        try
        {
            if (template.Spec.Container.Command.Length == 0 && image.Config.Entrypoint.Length == 0 && image.Config.Cmd.Length == 0)
            {
                return new(false, $"the image {template.Spec.Container.Image} names no command, and neither does spec.containers[0].command");
            }

            return await BuildAsync(template with { ImageDigest = image.Digest }, image.Digest, cancellationToken);
        }
        catch (Exception e) when (e is ImageException or RunscException)
        {
            return new(false, e.Message, Retry: e is ImageException { Temporary: true });
        }
        catch (Exception e) when (e is NetworkException or SnapshotException or InvalidOperationException)
        {
            Log.GoldenDelayed(logger, template.Key.ToString(), e.Message);
            return new(false, e.Message, Retry: true);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<GoldenResult> BuildAsync(TemplateRecord template, string digest, CancellationToken cancellationToken)
    {
        var (sandbox, _) = await pool.TakeAsync(template, cancellationToken);
        try
        {
            sandbox.Assign(new SandboxOwner("", "golden", 0, sandbox.Endpoint));
            await runtime.StartAsync(sandbox.Id, cancellationToken);
            var container = template.Spec.Container;
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var probe = readiness.WaitAsync(sandbox, container.ReadyTimeout, over.Token);
            while (!probe.IsCompleted && sandbox.Alive)
            {
                await Task.WhenAny(probe, Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellationToken));
            }

            if (!probe.IsCompleted)
            {
                await over.CancelAsync();
                await ((Task)probe).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return new(false, limits.Explain(sandbox, "the process exited before it was ready"), sandbox.LastOutput(), digest);
            }

            return await probe is { } problem
                ? new(false, $"not ready after {container.ReadyTimeout.TotalSeconds:0.#} s: {problem}", sandbox.LastOutput(), digest)
                : await KeepAsync(template, sandbox, digest, cancellationToken);
        }
        catch (RunscException e)
        {
            return new(false, limits.Explain(sandbox, e.Message), sandbox.LastOutput(), digest);
        }
        finally
        {
            pool.Retire(sandbox);
        }
    }

    private async Task<GoldenResult> KeepAsync(TemplateRecord template, Sandbox sandbox, string digest, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (sandbox.Berth.Flows.Open() > 0 && time.GetElapsedTime(start) < Settling)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), time, cancellationToken);
        }

        var name = SnapshotName.ForGolden(template.Key, template.Uid, "golden-" + Guid.NewGuid().ToString("N")[..8]);
        var staged = local.Stage(name);
        try
        {
            await runtime.CheckpointAsync(sandbox.Id, staged, CancellationToken.None);
        }
        catch
        {
            local.Unstage(staged);
            throw;
        }

        var manifest = await local.CommitAsync(
            name, staged, new SnapshotFacts(0, template.Uid, digest, identity.Runtime), CancellationToken.None);
        try
        {
            await store.UploadAsync(local, name, null, cancellationToken);
        }
        catch
        {
            // The next attempt makes another one.
            local.Delete(name);
            throw;
        }

        Log.GoldenBuilt(logger, template.Key.ToString(), name.Id, manifest.RawBytes, options.Value.Id);
        return new(true, ImageDigest: digest, Snapshot: name.Id, Bytes: manifest.RawBytes);
    }
}
