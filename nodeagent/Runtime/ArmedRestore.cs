using System.Globalization;
using Substrate.NodeAgent.Commands;

namespace Substrate.NodeAgent.Runtime;

/// <summary>
/// A <c>runsc restore</c> that was started ahead of time. It has loaded and initialised itself and now waits for the lock on its
/// sandbox's state, which this process holds; which snapshot it restores is looked at only behind the lock, through a link.
/// </summary>
internal sealed class ArmedRestore : IAsyncDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly FileStream _lock;
    private readonly string _link;
    private readonly Task<CommandResult> _command;

    private ArmedRestore(FileStream held, string link, Func<string, CancellationToken, Task<CommandResult>> start)
    {
        (_lock, _link) = (held, link);
        _command = start(link, _over.Token);
    }

    /// <summary>True while the command waits.</summary>
    public bool Waiting => !_command.IsCompleted;

    /// <summary>Takes the lock and starts the command.</summary>
    /// <param name="root">The runtime's state directory.</param>
    /// <param name="id">The sandbox, created and neither started nor restored.</param>
    /// <param name="start">Starts the restore of the image at a path; cancelling kills it.</param>
    /// <returns>Null where the runtime keeps no such lock.</returns>
    public static ArmedRestore? Create(string root, string id, Func<string, CancellationToken, Task<CommandResult>> start)
    {
        // Named after the container and its sandbox.
        if (Directory.GetFiles(root, $"{id}_*.lock") is not [var path])
        {
            return null;
        }

        try
        {
            // Not shared: the exclusive flock(2) that the runtime takes too.
            var held = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            return new ArmedRestore(held, Path.Combine(root, id + ".image"), start);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Lets the command restore <paramref name="image"/> and waits for its end.</summary>
    /// <exception cref="RunscException">It failed or took longer than <paramref name="limit"/>.</exception>
    public async Task RestoreAsync(string image, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        File.CreateSymbolicLink(_link, image);
        await _lock.DisposeAsync();
        CommandResult result;
        try
        {
            result = await _command.WaitAsync(limit, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Given up by the caller, perhaps because it hangs.
            await DisposeAsync();
            throw;
        }
        catch (TimeoutException)
        {
            await DisposeAsync();
            throw new RunscException(string.Create(CultureInfo.InvariantCulture, $"runsc restore was killed: it took longer than {limit.TotalSeconds:0} s"));
        }

        await DisposeAsync();
        if (!result.Succeeded)
        {
            throw new RunscException($"runsc restore failed (exit code {result.ExitCode}): {result.LastLine}");
        }
    }

    /// <summary>Kills the command where it still waits; the sandbox stays as it was created.</summary>
    public async ValueTask DisposeAsync()
    {
        // Killed before the lock is let go, or it would go on.
        await _over.CancelAsync();
        await ((Task)_command).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _lock.DisposeAsync();
        File.Delete(_link);
        _over.Dispose();
    }
}
