namespace Substrate.NodeAgent.Admission;

/// <summary>The node's own account of its slots: who is in, and who waits, first come first served.</summary>
internal sealed class Ledger(int slots, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource<bool>> _waiting = [];
    private int _active;
    private bool _closed;

    /// <summary>Raised when somebody begins to wait, outside any lock.</summary>
    public event Action? Crowded;

    public int Slots => slots;

    public int Active
    {
        get
        {
            lock (_lock)
            {
                return _active;
            }
        }
    }

    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Takes a slot, waiting at most <paramref name="limit"/> for one.</summary>
    /// <returns>False when none came up in time or the node is draining.</returns>
    public async Task<bool> EnterAsync(TimeSpan limit)
    {
        LinkedListNode<TaskCompletionSource<bool>> place;
        lock (_lock)
        {
            if (_closed)
            {
                return false;
            }

            if (_active < slots && _waiting.Count == 0)
            {
                _active++;
                return true;
            }

            place = _waiting.AddLast(new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        Crowded?.Invoke();
        try
        {
            return await place.Value.Task.WaitAsync(limit, time);
        }
        catch (TimeoutException)
        {
            lock (_lock)
            {
                // Served in the same moment: then the slot is this one's after all.
                if (place.List is null)
                {
                    return place.Value.Task.IsCompletedSuccessfully && !_closed;
                }

                _waiting.Remove(place);
                return false;
            }
        }
    }

    /// <summary>Gives a slot back, to the one who has waited longest.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (_waiting.First is { } first)
            {
                _waiting.RemoveFirst();
                first.Value.SetResult(true);
                return;
            }

            _active--;
        }
    }

    /// <summary>Lets nobody in any more; those who wait are refused.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            foreach (var waiting in _waiting)
            {
                waiting.SetResult(false);
            }

            _waiting.Clear();
        }
    }
}
