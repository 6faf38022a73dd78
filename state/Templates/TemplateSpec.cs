using System.Collections.Immutable;

namespace Substrate.State.Templates;

/// <summary>What an actor is made of: the validated, immutable content of an <c>ActorTemplate</c> manifest.</summary>
public sealed record TemplateSpec
{
    /// <summary>The one container that every actor of the template runs.</summary>
    public required ContainerSpec Container { get; init; }

    public IdlePolicy Idle { get; init; } = new();

    public RequestTimeouts Timeouts { get; init; } = new();

    public ResourceLimits Resources { get; init; } = new();

    /// <summary>Labels a node must carry to run actors of the template; empty means every node.</summary>
    public ImmutableSortedDictionary<string, string> NodeSelector { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Where the manifest asks for snapshots to be kept; the installation's snapshot store holds them.</summary>
    public string SnapshotLocation { get; init; } = "store:";
}

/// <summary>The process of an actor.</summary>
public sealed record ContainerSpec
{
    public required string Name { get; init; }

    /// <summary>OCI image: <c>oci:DIRECTORY…</c>, <c>oci-archive:FILE…</c> or <c>docker://HOST/REPOSITORY…</c>, each with <c>[:TAG][@sha256:…]</c>.</summary>
    public required string Image { get; init; }

    /// <summary>Replaces the image's entrypoint and command when not empty.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary><c>NAME=value</c> pairs added to the image's environment.</summary>
    public ImmutableArray<string> Env { get; init; } = [];

    /// <summary>Port that requests go to and that readiness is probed on; 0 for the lowest TCP port that the image exposes, or else 80.</summary>
    public int Port { get; init; }

    /// <summary>Further ports that requests may name.</summary>
    public ImmutableArray<int> Ports { get; init; } = [];

    /// <summary>What the process speaks on its ports.</summary>
    public ActorProtocol Protocol { get; init; }

    /// <summary>Path that answers 200 once the process can serve; null means that an accepted connection is enough.</summary>
    public string? ReadyPath { get; init; }

    /// <summary>How long a fresh process may take until it is ready.</summary>
    public TimeSpan ReadyTimeout { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>What an actor speaks.</summary>
public enum ActorProtocol
{
    /// <summary>HTTP/1.1, and WebSockets over it.</summary>
    Http1 = 0,

    /// <summary>HTTP/2 in clear text with prior knowledge: what gRPC servers speak.</summary>
    H2c = 1,
}

/// <summary>How long requests to an actor may take. Zero means no limit of the template's own.</summary>
public sealed record RequestTimeouts
{
    /// <summary>From sending the request to the end of its answer.</summary>
    public TimeSpan Request { get; init; }

    /// <summary>Longest time in which neither side sends anything.</summary>
    public TimeSpan Idle { get; init; }

    /// <summary>For a connection to the running actor; zero means the proxy's own limit.</summary>
    public TimeSpan Connect { get; init; }
}

/// <summary>When an actor without work leaves memory.</summary>
public sealed record IdlePolicy
{
    /// <summary>As <see cref="OpenStreams"/>: an open connection always counts as work.</summary>
    public static readonly TimeSpan Always = TimeSpan.MaxValue;

    /// <summary>
    /// Idle time after which the actor gets no CPU any more until something reaches it; its memory stays. Zero means never.
    /// </summary>
    public TimeSpan FreezeAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Idle time after which the actor is checkpointed to its node's disk; zero means never.</summary>
    public TimeSpan PauseAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Idle time after which its snapshot moves to the snapshot store; zero means never.</summary>
    public TimeSpan SuspendAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long a connection that is open but silent counts as work: <see cref="Always"/>, or zero for not at all. What no longer counts
    /// may be cut by a pause.
    /// </summary>
    public TimeSpan OpenStreams { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>Limits that the node enforces by cgroup, and what an actor counts for when a node decides whether it has room.</summary>
public sealed record ResourceLimits
{
    /// <summary>Bytes of memory, sandbox kernel included.</summary>
    public long MemoryBytes { get; init; } = 512L * 1024 * 1024;

    /// <summary>CPU in thousandths of a core; zero means no limit.</summary>
    public int CpuMillis { get; init; }

    /// <summary>Host processes and threads of the sandbox; zero means no limit.</summary>
    public int Pids { get; init; }

    /// <summary>Bytes of memory an actor counts for; zero for what a fresh process holds.</summary>
    public long RequestedMemoryBytes { get; init; }

    /// <summary>CPU an actor counts for, in thousandths of a core.</summary>
    public int RequestedCpuMillis { get; init; }
}
