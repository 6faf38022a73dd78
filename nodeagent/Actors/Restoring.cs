using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Runtime;
using Substrate.NodeAgent.Sandboxes;
using Substrate.State.Templates;

namespace Substrate.NodeAgent.Actors;

/// <summary>What came of a restore.</summary>
/// <param name="Sandbox">Where the process answers; null when it does not come back.</param>
/// <param name="Warm">True when the sandbox was there before it was asked for.</param>
/// <param name="Restore">Until the command had ended, or an answer came before.</param>
/// <param name="Ready">From then until the answer.</param>
/// <param name="Problem">Why it does not come back, with its last output.</param>
internal readonly record struct Restored(Sandbox? Sandbox, bool Warm, TimeSpan Restore, TimeSpan Ready, string Problem);

/// <summary>
/// Restores an actor's process, or starts it afresh, until it answers; and once more in another sandbox when it does not come back: some
/// restores are born deaf.
/// </summary>
internal sealed class Restoring(
    IOptions<NodeOptions> options, SandboxPool pool, ISandboxRuntime runtime, Readiness readiness, Limits limits, NodeMetrics metrics, TimeProvider time, ILogger<Restoring> logger)
{
    private const int Attempts = 2;

    /// <summary>A command whose sandbox has ended says why in a moment, better than its exit status does.</summary>
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(1);

    private readonly NodeOptions _options = options.Value;
    private readonly SemaphoreSlim _restores = new(options.Value.EffectiveRestores);

    /// <param name="actor">The activation.</param>
    /// <param name="template">What it is made from.</param>
    /// <param name="directory">The snapshot's directory; null starts the process afresh.</param>
    public async Task<Restored> RestoreAsync(LiveActor actor, TemplateRecord template, string? directory)
    {
        var problem = "";
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var (sandbox, warm) = await pool.TakeAsync(template, CancellationToken.None);
            try
            {
                var (restore, ready, trouble) = await OnceAsync(sandbox, actor, directory);
                if (trouble is null)
                {
                    return new(sandbox, warm, restore, ready, "");
                }

                var cause = limits.Explain(sandbox, trouble);
                problem = sandbox.LastWords() is { Length: > 0 } output ? $"{cause}; its last output: {output}" : cause;
            }
            catch
            {
                pool.Retire(sandbox);
                throw;
            }

            pool.Retire(sandbox);
            metrics.RestoreFailed();
            Log.RestoreFailed(logger, actor.Key.ToString(), actor.Epoch, problem);
        }

        return new(null, false, TimeSpan.Zero, TimeSpan.Zero, problem);
    }

    // Probing begins with the restore, and an answer is all that counts: the process serves before the command that restored it has ended.
    private async Task<(TimeSpan Restore, TimeSpan Ready, string? Problem)> OnceAsync(Sandbox sandbox, LiveActor actor, string? directory)
    {
        sandbox.Assign(new SandboxOwner(actor.Key.Atespace, actor.Key.Name, actor.Epoch, sandbox.Endpoint));
        var limit = directory is null ? sandbox.Template.Spec.Container.ReadyTimeout : _options.RestoreReadyTimeout;
        await _restores.WaitAsync();
        var start = time.GetTimestamp();
        using var over = new CancellationTokenSource();
        Task<string?> probe;
        Task command;
        try
        {
            probe = readiness.WaitAsync(sandbox, limit, over.Token);
            command = directory is null
                ? runtime.StartAsync(sandbox.Id, over.Token)
                : runtime.RestoreAsync(sandbox.Id, directory, over.Token);
            await Task.WhenAny(probe, command);
        }
        finally
        {
            // A process that never answers must not keep others from being restored.
            _restores.Release();
        }

        var restore = time.GetElapsedTime(start);
        var problem = await AnswerAsync(probe, command, sandbox);
        if (problem is not null)
        {
            // Neither the probe nor a command that hangs outlives the attempt.
            await over.CancelAsync();
            await Task.WhenAll(probe, command).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return (restore, time.GetElapsedTime(start) - restore, problem);
    }

    // Waits for the probe, but neither for a command that failed nor for a process that has ended.
    private async Task<string?> AnswerAsync(Task<string?> probe, Task command, Sandbox sandbox)
    {
        var ended = sandbox.Process!.Ended;
        while (!probe.IsCompleted)
        {
            if (ended.IsCompleted && !command.IsCompleted)
            {
                await Task.WhenAny(command, Task.Delay(LastWord, time));
            }

            if (command.IsFaulted)
            {
                return command.Exception.InnerException!.Message;
            }

            if (ended.IsCompleted)
            {
                return await sandbox.Process.Cause;
            }

            await (command.IsCompleted ? Task.WhenAny(probe, ended) : Task.WhenAny(probe, ended, command));
        }

        return await probe;
    }
}
