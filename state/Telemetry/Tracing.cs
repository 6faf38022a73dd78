using System.Diagnostics;

namespace Substrate.State.Telemetry;

/// <summary>
/// The sources of spans, one per process and one for what they share. While nobody listens, starting a span answers null and
/// allocates nothing, so callers write <c>using var span = Tracing.Proxy.StartActivity("hold");</c> without asking first.
/// </summary>
public static class Tracing
{
    /// <summary>Every name below, as exporters subscribe to them.</summary>
    public const string AllSources = "Substrate.*";

    public static readonly ActivitySource Proxy = new("Substrate.Proxy");
    public static readonly ActivitySource NodeAgent = new("Substrate.NodeAgent");
    public static readonly ActivitySource Scheduler = new("Substrate.Scheduler");
    public static readonly ActivitySource State = new("Substrate.State");

    /// <summary>Tag with the actor as <c>atespace/name</c>.</summary>
    public const string ActorTag = "substrate.actor";

    /// <summary>Tag with the node's id.</summary>
    public const string NodeTag = "substrate.node";

    /// <summary>Tag with what became of the work, in the words of the code's own outcomes.</summary>
    public const string OutcomeTag = "substrate.outcome";
}
