using System.Collections.Immutable;
using Substrate.Perf.Rounds;
using Substrate.State.Nodes;
using Substrate.State.Placement;
using Substrate.State.View;

namespace Substrate.Perf.Control;

/// <summary>What choosing one of a thousand nodes takes, with labels, warm sandboxes, memory, CPU and a plan.</summary>
internal static class PlacementTiming
{
    public const int Nodes = 1000;

    private const int Calls = 500;
    private const int Batches = 40;

    /// <summary>Times of one placement, in milliseconds, each the mean of a batch.</summary>
    public static Samples Measure(TimeProvider time)
    {
        var labels = ImmutableSortedDictionary<string, string>.Empty.Add("zone", "a");
        var view = new ClusterView([.. Enumerable.Range(0, Nodes).Select(i => new NodeView(
            new NodeStatus
            {
                Id = $"node-{i:0000}",
                Incarnation = "",
                Address = "",
                Slots = 100,
                Active = i % 100,
                Labels = labels,
                MemoryBytes = 1L << 36,
                MemoryTaken = (long)i << 20,
                CpuMillis = 64_000,
                Warm = ImmutableSortedDictionary<string, int>.Empty.Add("uid", i % 3),
            },
            new NodeRank(i + 1, false, i % 50 == 0)))]);
        var request = new PlacementRequest { TemplateUid = "uid", SnapshotNode = "node-0500", TemplateSelector = labels, MemoryBytes = 1 << 26, CpuMillis = 100 };
        var samples = new Samples();
        for (var batch = 0; batch < Batches; batch++)
        {
            var start = time.GetTimestamp();
            for (var i = 0; i < Calls; i++)
            {
                Placer.Place(view, request, null, i);
            }

            samples.Add(time.GetElapsedTime(start) / Calls);
        }

        return samples;
    }
}
