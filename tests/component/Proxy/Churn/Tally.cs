using System.Collections.Concurrent;

namespace Substrate.Proxy.ComponentTests.Churn;

/// <summary>Requests still to be made, and what went wrong with those that were.</summary>
internal sealed class Tally(int requests)
{
    private int _next;
    private int _broken;

    public ConcurrentQueue<string> Wrong { get; } = new();

    /// <summary>POSTs that a crash cut off while the actor had them: told so, and not repeated.</summary>
    public int Broken => Volatile.Read(ref _broken);

    public bool TryTake(out int number)
    {
        number = Interlocked.Increment(ref _next);
        return number <= requests && Wrong.IsEmpty;
    }

    public void Failed(string id, bool post, HttpResponseMessage response, string text)
    {
        var reason = response.Headers.TryGetValues("Substrate-Reason", out var reasons) ? reasons.Single() : "";
        if (post && reason == "actor-connection-broken")
        {
            Interlocked.Increment(ref _broken);
        }
        else
        {
            Wrong.Enqueue($"{id} failed: {(int)response.StatusCode} {reason} {text}");
        }
    }
}
