namespace Substrate.Scheduler.Idleness;

/// <summary>
/// One errand per node at a time: a node that is slow holds up no other, and a round does not wait for it. Rounds come one
/// after the other, so only they touch this.
/// </summary>
internal sealed class NodeErrands
{
    private readonly Dictionary<string, Task> _underWay = new(StringComparer.Ordinal);

    /// <summary>Sends an errand to a node unless its last one is still under way. The error of an earlier errand surfaces here.</summary>
    public async Task SendAsync(string node, Func<Task> errand)
    {
        if (_underWay.TryGetValue(node, out var last))
        {
            if (!last.IsCompleted)
            {
                return;
            }

            _underWay.Remove(node);
            await last;
        }

        _underWay[node] = Task.Run(errand, CancellationToken.None);
    }

    /// <summary>Waits for all errands, whatever became of them.</summary>
    public async Task EndAsync()
    {
        await Task.WhenAll(_underWay.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _underWay.Clear();
    }
}
