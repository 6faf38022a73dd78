using Prometheus;
using Substrate.Scheduler.Planning;
using Substrate.Scheduler.Pressure;

namespace Substrate.Scheduler;

/// <summary>All metrics of the scheduler.</summary>
internal static class SchedulerMetrics
{
    private static readonly Gauge LeaderGauge =
        Metrics.CreateGauge("substrate_scheduler_leader", "1 while this process leads.");

    private static readonly Histogram LoopSeconds = Metrics.CreateHistogram(
        "substrate_scheduler_loop_duration_seconds", "Duration of one round of a loop.", ["loop"],
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.001, 2, 16) });

    private static readonly Counter LoopFailures =
        Metrics.CreateCounter("substrate_scheduler_loop_failures_total", "Rounds of a loop that ended with an error.", ["loop"]);

    private static readonly Counter Decisions =
        Metrics.CreateCounter("substrate_scheduler_decisions_total", "Decisions carried out, by loop, kind and outcome.", ["loop", "kind", "outcome"]);

    private static readonly Gauge PoolNodes = Metrics.CreateGauge(
        "substrate_scheduler_pool_nodes", "Nodes of a pool: live, wanted (enough for what is taken and the headroom), emptying.", ["pool", "kind"]);

    private static readonly Gauge PoolSlots =
        Metrics.CreateGauge("substrate_scheduler_pool_slots", "Slots of a pool: all, and taken.", ["pool", "kind"]);

    private static readonly Gauge PoolShortage = Metrics.CreateGauge(
        "substrate_scheduler_pool_shortage", "What a pool lacks of the room that is to be free, in slots and in bytes of memory.", ["pool", "unit"]);

    private static readonly Gauge StrandedActors =
        Metrics.CreateGauge("substrate_scheduler_stranded_actors", "Paused actors whose newest state is only on nodes that are gone.");

    private static readonly Counter ApiCalls =
        Metrics.CreateCounter("substrate_scheduler_api_calls_total", "Calls of the admin API, by method and status code.", ["method", "code"]);

    private static readonly Histogram ApiSeconds = Metrics.CreateHistogram(
        "substrate_scheduler_api_duration_seconds", "Duration of calls of the admin API.", ["method"],
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.001, 2, 18) });

    public static void Leads(bool leads) => LeaderGauge.Set(leads ? 1 : 0);

    public static void Round(string loop, TimeSpan duration) => LoopSeconds.WithLabels(loop).Observe(duration.TotalSeconds);

    public static void RoundFailed(string loop) => LoopFailures.WithLabels(loop).Inc();

    public static void Decided(string loop, string kind, string outcome) => Decisions.WithLabels(loop, kind, outcome).Inc();

    public static void Pool(string pool, PoolNeed need, int emptying)
    {
        PoolNodes.WithLabels(pool, "live").Set(need.Nodes);
        PoolNodes.WithLabels(pool, "wanted").Set(need.Wanted);
        PoolNodes.WithLabels(pool, "emptying").Set(emptying);
        PoolSlots.WithLabels(pool, "all").Set(need.Slots);
        PoolSlots.WithLabels(pool, "taken").Set(need.Taken);
    }

    public static void Shortage(string pool, Shortage missing)
    {
        PoolShortage.WithLabels(pool, "slots").Set(missing.Slots);
        PoolShortage.WithLabels(pool, "bytes").Set(missing.Bytes);
    }

    public static void Stranded(int actors) => StrandedActors.Set(actors);

    public static void Called(string method, string code, TimeSpan duration)
    {
        ApiCalls.WithLabels(method, code).Inc();
        ApiSeconds.WithLabels(method).Observe(duration.TotalSeconds);
    }
}
