using Yarp.ReverseProxy.Forwarder;

namespace Substrate.Proxy.Forwarding;

/// <summary>Whether a request that failed may be sent again, and why that is safe.</summary>
internal enum Repeat
{
    /// <summary>It may have been executed, or was sent again already.</summary>
    Never,

    /// <summary>No connection was made, so nothing of it was sent.</summary>
    Unsent,

    /// <summary>A safe method without a body and without an answer: executing it twice is the same as once (RFC 9110, 9.2.1).</summary>
    Safe,
}

/// <summary>Decides on repeating.</summary>
internal static class RepeatRule
{
    /// <param name="error">How the forwarding ended.</param>
    /// <param name="exception">What ended it.</param>
    /// <param name="bodiless">The request has no body.</param>
    /// <param name="method">Its method.</param>
    /// <param name="before">Why it was sent again already.</param>
    public static Repeat Decide(ForwarderError error, Exception? exception, bool bodiless, string method, Repeat before)
    {
        // Only an error before the head of an answer counts: every other one comes after a part of the answer, or of the body, has passed.
        if (error != ForwarderError.Request || exception is not HttpRequestException failure || before == Repeat.Safe)
        {
            return Repeat.Never;
        }

        if (failure.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return before == Repeat.Never ? Repeat.Unsent : Repeat.Never;
        }

        var broken = failure.HttpRequestError == HttpRequestError.ResponseEnded || failure.InnerException is IOException;
        return broken && bodiless && IsSafe(method) ? Repeat.Safe : Repeat.Never;
    }

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
}
