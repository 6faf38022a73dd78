using Substrate.State.Actors;

namespace Substrate.Proxy.Routes;

/// <summary>
/// The way to one activation of one actor, with connections of its own: what was opened for one activation never serves another.
/// Closed once it is retired and the last request has left it.
/// </summary>
internal sealed class Route : IDisposable
{
    private const int Retired = int.MinValue;

    // Requests on the route; negative from its retirement on.
    private int _uses;
    private int _retired;
    private long _checkedAt;
    private volatile bool _touched = true;

    /// <param name="record">A RUNNING record.</param>
    /// <param name="upstream">The way to its endpoint; owned by the route.</param>
    /// <param name="checkedAt">Timestamp before the record was read.</param>
    public Route(ActorRecord record, Upstream upstream, long checkedAt)
    {
        Record = record;
        Destination = "http://" + Endpoints.Main(record.Endpoint).ToString();
        Upstream = upstream;
        _checkedAt = LastUsed = checkedAt;
    }

    public ActorRecord Record { get; }

    public ActorKey Key => Record.Key;

    public long Epoch => Record.Epoch;

    /// <summary><c>http://host:port</c>.</summary>
    public string Destination { get; }

    public Upstream Upstream { get; }

    /// <summary>Timestamp before the record was last found to be that of this route.</summary>
    public long CheckedAt
    {
        get => Volatile.Read(ref _checkedAt);
        set => Volatile.Write(ref _checkedAt, value);
    }

    /// <summary>Timestamp of the sweep that last found the route used. The sweep's alone.</summary>
    public long LastUsed { get; set; }

    /// <summary>Address of one of the actor's ports, 0 for its main one; null when its template declares no such port.</summary>
    public string? At(int port) => port == 0 || port == Upstream.MainPort ? Destination : Upstream.Ports.GetValueOrDefault(port);

    public bool IsRetired => Volatile.Read(ref _uses) < 0;

    /// <summary>Takes a place on the route; false once it is retired. Each success is followed by one <see cref="Leave"/>.</summary>
    public bool TryEnter()
    {
        var seen = Volatile.Read(ref _uses);
        while (seen >= 0)
        {
            var before = Interlocked.CompareExchange(ref _uses, seen + 1, seen);
            if (before == seen)
            {
                if (!_touched)
                {
                    _touched = true;
                }

                return true;
            }

            seen = before;
        }

        return false;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _uses) == Retired)
        {
            Upstream.Dispose();
        }
    }

    /// <summary>True when a request entered since the last call or is still on the route.</summary>
    public bool TakeTouched()
    {
        var touched = _touched || Volatile.Read(ref _uses) > 0;
        _touched = false;
        return touched;
    }

    /// <summary>Lets nobody in any more; idle connections close now, the others with their requests.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _retired, 1) == 0 && Interlocked.Add(ref _uses, Retired) == Retired)
        {
            Upstream.Dispose();
        }
    }
}
