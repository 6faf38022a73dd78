namespace Substrate.Perf.Load;

/// <summary>What became of a request.</summary>
internal enum CallOutcome
{
    /// <summary>The right answer.</summary>
    Right,

    /// <summary>Substrate said that it does not take it now: 429, 503 or 504.</summary>
    Refused,

    /// <summary>An answer, and not the right one.</summary>
    Wrong,

    /// <summary>No answer: the connection failed or the time was up.</summary>
    Failed,
}

/// <summary>What became of a request.</summary>
/// <param name="Outcome">The kind.</param>
/// <param name="Problem">What was wrong; empty when nothing.</param>
/// <param name="Timing">The answer's <c>Server-Timing</c>; empty when there is none, as with an actor that was running.</param>
internal readonly record struct CallResult(CallOutcome Outcome, string Problem = "", string Timing = "");
