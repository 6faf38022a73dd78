using System.Collections.Immutable;
using System.Globalization;
using BenchmarkDotNet.Attributes;
using Substrate.State.Nodes;
using Substrate.State.Placement;
using Substrate.State.View;

namespace Substrate.Perf.Micro;

/// <summary>Choosing one of a hundred nodes: once per activation.</summary>
[MemoryDiagnoser]
public class PlacementBenchmarks
{
    private const int Nodes = 100;

    private ClusterView _view = ClusterView.Empty;
    private int _draw;

    /// <summary>Makes nodes of every degree of fullness, a third of them with warm sandboxes of the template.</summary>
    [GlobalSetup]
    public void Setup() => _view = new ClusterView([.. Enumerable.Range(0, Nodes).Select(static i => new NodeView(new NodeStatus
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"node-{i}"),
        Incarnation = "x",
        Address = "http://10.0.0.1:8010",
        Slots = 64,
        Active = i % 65,
        Evictable = i % 8,
        Warm = i % 3 == 0 ? ImmutableSortedDictionary<string, int>.Empty.Add("template", 2) : ImmutableSortedDictionary<string, int>.Empty,
    }))]);

    [Benchmark]
    public object? PlaceAnywhere() => Placer.Place(_view, new PlacementRequest { TemplateUid = "template", SnapshotNode = "" }, null, ++_draw & int.MaxValue).Node;

    [Benchmark]
    public object? PlaceNearTheSnapshot() =>
        Placer.Place(_view, new PlacementRequest { TemplateUid = "template", SnapshotNode = "node-40" }, null, ++_draw & int.MaxValue).Node;
}
