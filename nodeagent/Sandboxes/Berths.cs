namespace Substrate.NodeAgent.Sandboxes;

/// <summary>The node's berths: made when first needed, handed from one sandbox to the next, removed when the node stops.</summary>
internal sealed class Berths(SandboxFactory factory)
{
    private readonly Lock _lock = new();
    private readonly Stack<Berth> _free = new();

    // One at a time: each is a dozen commands, and whoever comes second finds a berth that was freed meanwhile.
    private readonly SemaphoreSlim _making = new(1);
    private readonly Stack<int> _gaps = new();
    private int _made;
    private bool _closed;

    /// <summary>A berth that no sandbox uses.</summary>
    /// <exception cref="InvalidOperationException">The node's network has room for no more.</exception>
    /// <exception cref="ObjectDisposedException">The node stops.</exception>
    public async Task<Berth> TakeAsync(CancellationToken cancellationToken)
    {
        await _making.WaitAsync(cancellationToken);
        try
        {
            return await FreeOrNewAsync(cancellationToken);
        }
        finally
        {
            _making.Release();
        }
    }

    /// <summary>Takes a berth back whose sandbox is gone.</summary>
    public void Free(Berth berth)
    {
        lock (_lock)
        {
            _free.Push(berth);
        }
    }

    /// <summary>Removes a berth that cannot be used any more; its number is used again.</summary>
    public async Task DiscardAsync(Berth berth)
    {
        await SandboxFactory.DestroyBerthAsync(berth, CancellationToken.None);
        lock (_lock)
        {
            _gaps.Push(berth.Index);
        }
    }

    /// <summary>Counts a berth of an earlier run as made, and those below it that nobody uses as still to be made.</summary>
    public void Adopt(int index)
    {
        lock (_lock)
        {
            while (_made <= index)
            {
                _gaps.Push(_made++);
            }

            int[] left = [.. _gaps.Where(gap => gap != index)];
            _gaps.Clear();
            Array.ForEach(left, _gaps.Push);
        }
    }

    /// <summary>Hands out no more, and waits for the one being made.</summary>
    public async Task CloseAsync()
    {
        lock (_lock)
        {
            _closed = true;
        }

        await _making.WaitAsync();
        _making.Release();
    }

    /// <summary>Removes the free ones; called when every sandbox is gone.</summary>
    public async Task RemoveAsync()
    {
        while (_free.TryPop(out var berth))
        {
            await SandboxFactory.DestroyBerthAsync(berth, CancellationToken.None);
        }
    }

    private async Task<Berth> FreeOrNewAsync(CancellationToken cancellationToken)
    {
        int index;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (_free.TryPop(out var free))
            {
                return free;
            }

            if (_gaps.Count == 0 && _made == factory.MostBerths)
            {
                throw new InvalidOperationException($"All {_made} berths of the node's network are taken; Node:Network can name a larger one.");
            }

            index = _gaps.TryPop(out var gap) ? gap : _made++;
        }

        try
        {
            return await factory.CreateBerthAsync(index, cancellationToken);
        }
        catch
        {
            lock (_lock)
            {
                _gaps.Push(index);
            }

            throw;
        }
    }
}
