using Prometheus;
using Substrate.NodeAgent.Actors;
using Substrate.NodeAgent.Admission;
using Substrate.State.Activation;

namespace Substrate.NodeAgent;

/// <summary>What a node measures. No label names an actor: their number has no bound.</summary>
internal sealed class NodeMetrics
{
    private static readonly double[] Phases = [0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10];

    private static readonly Counter Activations = Metrics.CreateCounter(
        "substrate_node_activations_total", "Activations that ended, by outcome.", "outcome");

    private static readonly Histogram ActivationPhase = Metrics.CreateHistogram(
        "substrate_node_activation_phase_seconds", "Phases of successful activations.", new HistogramConfiguration { Buckets = Phases, LabelNames = ["phase"] });

    private static readonly Counter SandboxesTaken = Metrics.CreateCounter(
        "substrate_node_sandboxes_taken_total", "Sandboxes taken by activations: pre-created (warm) or created on the path (cold).", "kind");

    private static readonly Counter RestoreFailures = Metrics.CreateCounter(
        "substrate_node_restore_failures_total", "Restores that failed or whose process never became ready.");

    private static readonly Counter Suspensions = Metrics.CreateCounter(
        "substrate_node_suspensions_total", "Suspensions that ended, by outcome and by why they were begun.", "outcome", "cause");

    private static readonly Counter Aborts = Metrics.CreateCounter(
        "substrate_node_aborts_total", "Suspensions that were called off, by reason: the actor runs on.", "reason");

    private static readonly Histogram SuspensionPhase = Metrics.CreateHistogram(
        "substrate_node_suspension_phase_seconds", "Phases of successful suspensions.", new HistogramConfiguration { Buckets = Phases, LabelNames = ["phase"] });

    private static readonly Counter Evictions = Metrics.CreateCounter(
        "substrate_node_evictions_total", "Evictions to make room, by outcome.", "outcome");

    private static readonly Counter LostActors = Metrics.CreateCounter(
        "substrate_node_actors_lost_total", "Actors whose process ended while they ran.");

    private static readonly Counter Uploads = Metrics.CreateCounter(
        "substrate_node_uploads_total", "Snapshots moved to the store, by outcome.", "outcome");

    private static readonly Histogram UploadSeconds = Metrics.CreateHistogram(
        "substrate_node_upload_seconds", "Time to move a snapshot to the store.", new HistogramConfiguration { Buckets = Phases });

    private static readonly Counter Images = Metrics.CreateCounter(
        "substrate_node_images_prepared_total", "Images that templates asked for, by outcome.", "outcome");

    private static readonly Histogram ImageSeconds = Metrics.CreateHistogram(
        "substrate_node_image_prepare_seconds",
        "Time to resolve, pull and unpack an image that was asked for; near zero when it was here.",
        new HistogramConfiguration { Buckets = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900] });

    private static readonly Gauge FencedNow = Metrics.CreateGauge(
        "substrate_node_fenced", "1 while the node has no certain lease and its actors are frozen.");

    private static readonly Counter Leftovers = Metrics.CreateCounter(
        "substrate_node_leftovers_total", "What an earlier run left behind and this one removed at start, by kind.", "kind");

    private static readonly Gauge Slots = Metrics.CreateGauge("substrate_node_slots", "Slots of the node, by state.", "state");

    private static readonly Gauge Memory = Metrics.CreateGauge(
        "substrate_node_memory_bytes", "Memory for actors: there is in all, live ones count for, idle ones among them would free.", "state");

    private static readonly Gauge Cpu = Metrics.CreateGauge("substrate_node_cpu_cores", "CPU for actors: there is in all, live ones requested.", "state");

    private static readonly Gauge SandboxStates = Metrics.CreateGauge("substrate_node_sandboxes", "Sandboxes by what they are doing.", "state");

    private static readonly Counter Freezes = Metrics.CreateCounter("substrate_node_freezes_total", "Idle actors whose CPU was stopped.");

    private static readonly Counter Thaws = Metrics.CreateCounter("substrate_node_thaws_total", "Frozen actors that were let go on, by cause.", "cause");

    private static readonly Histogram ThawSeconds = Metrics.CreateHistogram(
        "substrate_node_thaw_seconds", "Time from the cause of a thaw until the kernel was told.", new HistogramConfiguration { Buckets = Phases });

    private static readonly Counter LimitsHit = Metrics.CreateCounter(
        "substrate_node_limits_hit_total", "Actors that ended because they hit a limit of their template, by limit.", "limit");

    public void Activated(NodeActivation activation)
    {
        Activations.WithLabels(activation.Outcome.ToString().ToLowerInvariant()).Inc();
        if (activation.Outcome == NodeOutcome.Running)
        {
            var timings = activation.Timings;
            ActivationPhase.WithLabels("queue").Observe(timings.Queue.TotalSeconds);
            ActivationPhase.WithLabels("fetch").Observe(timings.Fetch.TotalSeconds);
            ActivationPhase.WithLabels("restore").Observe(timings.Restore.TotalSeconds);
            ActivationPhase.WithLabels("ready").Observe(timings.Ready.TotalSeconds);
            ActivationPhase.WithLabels("publish").Observe(timings.Publish.TotalSeconds);
        }
    }

    public void Taken(bool warm) => SandboxesTaken.WithLabels(warm ? "warm" : "cold").Inc();

    public void RestoreFailed() => RestoreFailures.Inc();

    public void Suspended(SuspensionOutcome outcome, SuspensionCause cause) =>
        Suspensions.WithLabels(outcome.ToString().ToLowerInvariant(), cause.ToString().ToLowerInvariant()).Inc();

    public void Aborted(string reason) => Aborts.WithLabels(reason).Inc();

    public void SuspensionPhases(TimeSpan quiesce, TimeSpan checkpoint, TimeSpan commit)
    {
        SuspensionPhase.WithLabels("quiesce").Observe(quiesce.TotalSeconds);
        SuspensionPhase.WithLabels("checkpoint").Observe(checkpoint.TotalSeconds);
        SuspensionPhase.WithLabels("commit").Observe(commit.TotalSeconds);
    }

    public void Evicted(SuspensionOutcome outcome) => Evictions.WithLabels(outcome.ToString().ToLowerInvariant()).Inc();

    public void Lost() => LostActors.Inc();

    public void Uploaded(TimeSpan took)
    {
        Uploads.WithLabels("stored").Inc();
        UploadSeconds.Observe(took.TotalSeconds);
    }

    public void UploadFailed() => Uploads.WithLabels("failed").Inc();

    public void ImagePrepared(bool ready, TimeSpan took)
    {
        Images.WithLabels(ready ? "ready" : "failed").Inc();
        ImageSeconds.Observe(took.TotalSeconds);
    }

    public void Fenced(bool fenced) => FencedNow.Set(fenced ? 1 : 0);

    public void Removed(string kind, int count) => Leftovers.WithLabels(kind).Inc(count);

    public void Occupied(Room held, int waiting, Room total)
    {
        Slots.WithLabels("active").Set(held.Slots);
        Slots.WithLabels("waiting").Set(waiting);
        Slots.WithLabels("total").Set(total.Slots);
        Memory.WithLabels("taken").Set(held.MemoryBytes);
        Memory.WithLabels("total").Set(total.MemoryBytes == Room.Unlimited ? 0 : total.MemoryBytes);
        Cpu.WithLabels("taken").Set(held.CpuMillis / 1000.0);
        Cpu.WithLabels("total").Set(total.CpuMillis == Room.Unlimited ? 0 : total.CpuMillis / 1000.0);
    }

    public void Evictable(int actors, long memoryBytes)
    {
        Slots.WithLabels("evictable").Set(actors);
        Memory.WithLabels("evictable").Set(memoryBytes);
    }

    /// <summary>Counts the node's sandboxes by what they are doing.</summary>
    public void Sandboxes(ICollection<LiveActor> live, int warm)
    {
        SandboxStates.WithLabels("warm").Set(warm);
        SandboxStates.WithLabels("frozen").Set(live.Count(static a => a.Frost is not null));
        SandboxStates.WithLabels("running").Set(live.Count(static a => a is { Phase: LivePhase.Running, Frost: null }));
        SandboxStates.WithLabels("resuming").Set(live.Count(static a => a.Phase == LivePhase.Resuming));
        SandboxStates.WithLabels("suspending").Set(live.Count(static a => a.Phase == LivePhase.Suspending));
    }

    public void Froze() => Freezes.Inc();

    public void Thawed(ThawCause cause, TimeSpan took)
    {
        Thaws.WithLabels(cause.ToString().ToLowerInvariant()).Inc();
        ThawSeconds.Observe(took.TotalSeconds);
    }

    public void HitLimit(string limit) => LimitsHit.WithLabels(limit).Inc();
}
