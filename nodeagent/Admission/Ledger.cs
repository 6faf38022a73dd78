namespace Substrate.NodeAgent.Admission;

/// <summary>The node's own account of its room: who is in, and who waits, first come first served.</summary>
/// <param name="total">What actors may hold together.</param>
/// <param name="time">Measures waits.</param>
internal sealed class Ledger(Room total, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiting = [];
    private Room _held;
    private bool _closed;

    /// <summary>Raised when somebody begins to wait, or those inside have grown beyond what there is; outside any lock.</summary>
    public event Action? Crowded;

    /// <summary>What there is in all.</summary>
    public Room Total => total;

    /// <summary>What those inside hold.</summary>
    public Room Held
    {
        get
        {
            lock (_lock)
            {
                return _held;
            }
        }
    }

    public int Active => Held.Slots;

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

    /// <summary>Takes room, waiting at most <paramref name="limit"/> for it.</summary>
    /// <returns>The place taken; null when none came up in time, there is less than that in all, or the node is draining.</returns>
    public async Task<Place?> EnterAsync(Room need, TimeSpan limit)
    {
        LinkedListNode<Waiter> place;
        lock (_lock)
        {
            if (_closed || !total.Covers(need))
            {
                return null;
            }

            if (_waiting.Count == 0 && (total - _held).Covers(need))
            {
                return LetIn_NeedsLock(need);
            }

            place = _waiting.AddLast(new Waiter(need));
        }

        Crowded?.Invoke();
        try
        {
            return await place.Value.Admitted.Task.WaitAsync(limit, time);
        }
        catch (TimeoutException)
        {
            lock (_lock)
            {
                if (place.List is not null)
                {
                    _waiting.Remove(place);

                    // Somebody smaller behind it may fit.
                    Serve_NeedsLock();
                    return null;
                }
            }

            // Served, or refused, in the same moment.
            return await place.Value.Admitted.Task;
        }
    }

    /// <summary>Counts somebody who is inside already, whether there is room or not.</summary>
    public Place Keep(Room need)
    {
        lock (_lock)
        {
            return LetIn_NeedsLock(need);
        }
    }

    /// <summary>Gives a place back, to those who have waited longest.</summary>
    public void Leave(Place place)
    {
        lock (_lock)
        {
            _held -= place.Held;
            Serve_NeedsLock();
        }
    }

    /// <summary>Notes what an actor inside uses.</summary>
    public void Uses(Place place, long memoryBytes)
    {
        bool crowded;
        lock (_lock)
        {
            var before = place.Held;
            place.Uses_NeedsLock(memoryBytes);
            _held += place.Held - before;
            Serve_NeedsLock();
            crowded = _held.MemoryBytes > total.MemoryBytes;
        }

        if (crowded)
        {
            Crowded?.Invoke();
        }
    }

    /// <summary>True when more room has to be made than is on its way: for those who wait, or because those inside have grown.</summary>
    /// <param name="coming">Room that is being freed already.</param>
    public bool Lacks(Room coming)
    {
        lock (_lock)
        {
            var free = total - _held + coming;
            var need = _waiting.Aggregate(default(Room), static (sum, w) => sum + w.Need);
            return !free.Covers(need) || free.MemoryBytes < 0;
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
                waiting.Admitted.SetResult(null);
            }

            _waiting.Clear();
        }
    }

    private void Serve_NeedsLock()
    {
        while (!_closed && _waiting.First is { } first && (total - _held).Covers(first.Value.Need))
        {
            _waiting.RemoveFirst();
            first.Value.Admitted.SetResult(LetIn_NeedsLock(first.Value.Need));
        }
    }

    private Place LetIn_NeedsLock(Room need)
    {
        _held += need;
        return new Place(need);
    }

    private sealed record Waiter(Room Need)
    {
        public TaskCompletionSource<Place?> Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
