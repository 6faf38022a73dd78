using Yarp.ReverseProxy.Forwarder;

namespace Substrate.Proxy.Forwarding;

/// <summary>Whether a request that failed may be sent again, and why that is safe.</summary>
internal enum Repeat
{
    /// <summary>It may have been executed, or was sent again often enough.</summary>
    Never,

    /// <summary>No connection was made, so nothing of it was sent.</summary>
    Unsent,

    /// <summary>A safe method without a body and without an answer: executing it twice is the same as once (RFC 9110, 9.2.1).</summary>
    Safe,
}

/// <summary>How often a request was sent again already.</summary>
/// <param name="Unsent">Because nothing of it was sent.</param>
/// <param name="Safe">Because executing it twice is the same as once.</param>
internal readonly record struct Repeats(int Unsent, int Safe)
{
    public Repeats Plus(Repeat repeat) => repeat switch
    {
        Repeat.Unsent => this with { Unsent = Unsent + 1 },
        Repeat.Safe => this with { Safe = Safe + 1 },
        _ => this,
    };
}

/// <summary>
/// Decides on repeating. What may have been executed is sent again once at most. What found no connection was not sent at all: the actor
/// was gone from where it had been looked up, and each time it is looked for in a later activation than the one that refused.
/// </summary>
internal static class RepeatRule
{
    /// <summary>An actor that cannot be reached in so many activations is not going to be.</summary>
    public const int MostUnsent = 4;

    /// <param name="error">How the forwarding ended.</param>
    /// <param name="exception">What ended it.</param>
    /// <param name="bodiless">The request has no body.</param>
    /// <param name="method">Its method.</param>
    /// <param name="before">How often it was sent again already.</param>
    public static Repeat Decide(ForwarderError error, Exception? exception, bool bodiless, string method, Repeats before)
    {
        // Only an error before the head of an answer counts: every other one comes after a part of the answer, or of the body, has passed.
        if (error != ForwarderError.Request || exception is not HttpRequestException failure)
        {
            return Repeat.Never;
        }

        if (failure.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return before.Unsent < MostUnsent ? Repeat.Unsent : Repeat.Never;
        }

        var broken = failure.HttpRequestError == HttpRequestError.ResponseEnded || failure.InnerException is IOException;
        return broken && bodiless && IsSafe(method) && before.Safe == 0 ? Repeat.Safe : Repeat.Never;
    }

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
}
