using System.Collections.Concurrent;
using Substrate.NodeAgent.Commands;

namespace Substrate.NodeAgent.Runtime;

/// <summary>
/// The restores that wait, one per pre-created sandbox. What is taken out is out: each is used or given up once. An armed restore that
/// failed is a reason to distrust them all for a while, so that the next attempt goes the plain way.
/// </summary>
/// <param name="root">The runtime's state directory.</param>
/// <param name="time">Measures the while.</param>
internal sealed class ArmedRestores(string root, TimeProvider time)
{
    private static readonly TimeSpan Distrust = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, ArmedRestore> _waiting = new(StringComparer.Ordinal);
    private long _failedAt = time.GetTimestamp() - (long)(Distrust.TotalSeconds * time.TimestampFrequency);

    private bool Trusted => time.GetElapsedTime(Volatile.Read(ref _failedAt)) >= Distrust;

    /// <summary>Starts a restore that waits; does nothing where that does not work.</summary>
    public void Add(string id, Func<string, CancellationToken, Task<CommandResult>> start)
    {
        if (Trusted && ArmedRestore.Create(root, id, start) is { } armed)
        {
            _waiting[id] = armed;
        }
    }

    /// <summary>Takes the one that waits for a sandbox; null when there is none to rely on.</summary>
    public async Task<ArmedRestore?> TakeAsync(string id)
    {
        if (!_waiting.TryRemove(id, out var armed))
        {
            return null;
        }

        if (armed.Waiting && Trusted)
        {
            return armed;
        }

        await armed.DisposeAsync();
        return null;
    }

    /// <summary>Gives up the one that waits for a sandbox, whose lock is free afterwards.</summary>
    public async Task DropAsync(string id)
    {
        if (_waiting.TryRemove(id, out var armed))
        {
            await armed.DisposeAsync();
        }
    }

    /// <summary>One of them failed.</summary>
    public void Failed() => Volatile.Write(ref _failedAt, time.GetTimestamp());
}
