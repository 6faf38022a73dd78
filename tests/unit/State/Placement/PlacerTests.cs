using System.Collections.Immutable;
using CsCheck;
using Substrate.State.Nodes;
using Substrate.State.Placement;
using Substrate.State.View;

namespace Substrate.State.UnitTests.Placement;

public sealed class PlacerTests
{
    private const string Template = "template-uid";

    private static readonly ImmutableSortedDictionary<string, string> None = ImmutableSortedDictionary<string, string>.Empty;
    private static readonly PlacementRequest Plain = new() { TemplateUid = Template, SnapshotNode = "" };

    private static readonly Gen<NodeStatus> Node =
        Gen.Select(Gen.Int[0, 8], Gen.Int[0, 8], Gen.Int[0, 4], Gen.Int[0, 2], Gen.Int[0, 4], Gen.Bool, static (slots, active, evictable, warm, draining, labelled) =>
            new NodeStatus
            {
                Id = "",
                Incarnation = "",
                Address = "",
                Slots = slots,
                Active = Math.Min(active, slots),
                Evictable = Math.Min(evictable, active),
                Draining = draining == 0,
                Warm = Warm(warm),
                Labels = labelled ? None.SetItem("zone", "a") : None,
            });

    private static readonly Gen<ClusterView> Views = Node.Array[0, 8].Select(static nodes => View([.. nodes.Select(static (n, i) => n with { Id = $"n{i}" })]));

    private static readonly Gen<PlacementRequest> Requests =
        Gen.Select(Gen.Int[-1, 8], Gen.Bool, Gen.Bool, Gen.Bool, static (holder, pinned, byTemplate, byActor) => new PlacementRequest
        {
            TemplateUid = Template,
            SnapshotNode = holder < 0 ? "" : $"n{holder}",
            Pinned = pinned && holder >= 0,
            TemplateSelector = byTemplate ? None.SetItem("zone", "a") : null,
            ActorSelector = byActor ? None.SetItem("zone", "a") : None,
        });

    private static readonly Gen<HashSet<string>> Exclusions = Gen.Int[0, 8].Array[0, 4].Select(static ids => ids.Select(static i => $"n{i}").ToHashSet());

    [Fact]
    public void Place_Anything_NeverBreaksAHardRule() =>
        Gen.Select(Views, Requests, Exclusions, Gen.Int[0, int.MaxValue]).Sample(static (view, request, excluded, draw) =>
        {
            var placed = Placer.Place(view, request, excluded, draw);
            if (request.Pinned)
            {
                return placed.Node == view.Find(request.SnapshotNode) && (placed.Kind == PlacementKind.HolderGone) == (placed.Node is null);
            }

            var eligible = view.Nodes.Where(node => Eligible(node.Status, request, excluded)).ToArray();
            return eligible.Length == 0
                ? placed is { Kind: PlacementKind.NoMatch, Node: null }
                : placed.Node is not null && eligible.Contains(placed.Node) && placed.Kind == KindOf(placed.Node)
                    && (placed.Kind != PlacementKind.Full || eligible.All(static node => node.Free <= 0))
                    && (placed.Kind == PlacementKind.Room || eligible.All(static node => node.Free <= 0));
        });

    [Fact]
    public void Place_OneHasRoomAndTheHolderNone_TakesTheRoom()
    {
        var holder = Fresh("holder") with { Active = 4, Evictable = 4, Warm = Warm(3) };

        Assert.Equal("room", Placed(Plain with { SnapshotNode = "holder" }, holder, Fresh("room")));
    }

    [Fact]
    public void Place_PinnedToAFullAndDrainingHolder_StaysWithIt()
    {
        var holder = Fresh("holder") with { Active = 4, Draining = true };

        Assert.Equal("holder", Placed(Plain with { SnapshotNode = "holder", Pinned = true }, holder, Fresh("room")));
    }

    [Fact]
    public void Place_SnapshotHere_BeatsWarmAndFull()
    {
        var warmer = Fresh("warmer") with { Active = 3, Warm = Warm(3) };

        Assert.Equal("holder", Placed(Plain with { SnapshotNode = "holder" }, Fresh("holder"), warmer));
    }

    [Fact]
    public void Place_Warm_BeatsFuller() =>
        Assert.Equal("warm", Placed(Plain, Fresh("fuller") with { Active = 3 }, Fresh("warm") with { Warm = Warm(1) }));

    [Fact]
    public void Place_OtherwiseEqual_TakesTheFullestThatFits() =>
        Assert.Equal("fuller", Placed(Plain, Fresh("empty"), Fresh("fuller") with { Active = 3 }, Fresh("full") with { Active = 4 }));

    [Fact]
    public void Place_AllFull_AsksOneThatCanMakeRoom() =>
        Assert.Equal("idle", Placed(Plain, Fresh("busy") with { Active = 4, Warm = Warm(1) }, Fresh("idle") with { Active = 4, Evictable = 1 }));

    [Fact]
    public void Place_AllFullAndBusy_SpreadsTheQueue()
    {
        var view = View(Fresh("a") with { Active = 4 }, Fresh("b") with { Active = 4 });

        for (var i = 0; i < 10; i++)
        {
            var placed = Placer.Place(view, Plain, null, i);
            Assert.Equal(PlacementKind.Full, placed.Kind);
            placed.Node!.Charge(Plain);
        }

        Assert.All(view.Nodes, static node => Assert.Equal(5, node.Charged.Slots));
    }

    [Fact]
    public void Place_EveryDraw_SpreadsOverNearEqualsOnly()
    {
        var view = View(Fresh("a"), Fresh("b"), Fresh("c") with { Draining = true }, Fresh("d") with { Slots = 4, Active = 4 }, Fresh("e"));

        var drawn = Enumerable.Range(0, 300).Select(draw => Placer.Place(view, Plain, null, draw).Node!.Status.Id).CountBy(static id => id).ToDictionary();

        Assert.Equal(["a", "b", "e"], drawn.Keys.Order());
        Assert.All(drawn.Values, static count => Assert.Equal(100, count));
    }

    [Fact]
    public void Place_ChargedAtOnce_NeverOvercommitsWhileThereIsRoom()
    {
        var view = View([.. Enumerable.Range(0, 5).Select(static i => Fresh($"n{i}") with { Warm = Warm(1) })]);

        for (var i = 0; i < 20; i++)
        {
            var placed = Placer.Place(view, Plain, null, i * 31);
            Assert.Equal(PlacementKind.Room, placed.Kind);
            placed.Node!.Charge(Plain);
        }

        Assert.All(view.Nodes, static node => Assert.Equal(0, node.Free));
        Assert.Equal(PlacementKind.Full, Placer.Place(view, Plain, null, 0).Kind);
    }

    [Fact]
    public void Place_ManyPlacersWithOneView_DoNotStampede() =>
        Gen.Select(Gen.Int[2, 12], Gen.Int[16, 200], Gen.Bool, Gen.Int[0, 1_000_000]).Sample(static (placers, nodes, planned, seed) =>
        {
            // Each has a view of its own, and knows nothing of what the others place at the same time.
            var statuses = Enumerable.Range(0, nodes).Select(static i => Fresh($"n{i:000}") with { Slots = 8 }).ToArray();
            var views = Enumerable.Range(0, placers).Select(_ => new ClusterView(
                [.. statuses.Select((s, i) => new NodeView(s, planned ? new NodeRank(i + 1, false, false) : default))])).ToArray();
            var random = new Random(seed);
            var placed = new Dictionary<string, int>();
            foreach (var view in views)
            {
                for (var i = 0; i < 4; i++)
                {
                    var node = Placer.Place(view, Plain, null, random.Next()).Node!;
                    node.Charge(Plain);
                    placed[node.Status.Id] = placed.GetValueOrDefault(node.Status.Id) + 1;
                }
            }

            // However many there are, nobody's share is the whole: the worst node gets a small part of what all of them place.
            var few = Math.Clamp(nodes / 8, 1, 8);
            return placed.Values.Max() <= Math.Max(8, 4 * placers * 4 / few);
        });

    [Fact]
    public void Place_ByThePlan_FillsInItsOrder()
    {
        var view = new ClusterView([new(Fresh("a"), new(3, false, false)), new(Fresh("b"), new(1, false, false)), new(Fresh("c"), new(2, false, false))]);

        var order = Enumerable.Range(0, 12).Select(i =>
        {
            var node = Placer.Place(view, Plain, null, i).Node!;
            node.Charge(Plain);
            return node.Status.Id;
        });
        Assert.Equal("bbbbccccaaaa", string.Concat(order));
    }

    [Fact]
    public void Place_ByASpreadingPlan_FillsEvenly()
    {
        var view = new ClusterView([.. Enumerable.Range(0, 4).Select(static i => new NodeView(Fresh($"n{i}"), new(0, true, false)))]);

        for (var i = 0; i < 8; i++)
        {
            Placer.Place(view, Plain, null, i).Node!.Charge(Plain);
        }

        Assert.All(view.Nodes, static node => Assert.Equal(2, node.Charged.Slots));
    }

    [Fact]
    public void Place_OneIsBeingEmptied_TakesItOnlyBeforeEvictingSomebody()
    {
        var emptying = new NodeView(Fresh("emptying") with { Warm = Warm(2) }, new(1, false, true));
        var request = Plain with { SnapshotNode = "emptying" };

        Assert.Equal("other", Placer.Place(new([emptying, new(Fresh("other"))]), request, null, 0).Node!.Status.Id);
        Assert.Equal("emptying", Placer.Place(new([emptying, new(Fresh("other") with { Active = 4, Evictable = 4 })]), request, null, 0).Node!.Status.Id);
    }

    [Fact]
    public void Place_ByMemoryAndCpu_OnlyWhereItFits()
    {
        var request = Plain with { MemoryBytes = 600, CpuMillis = 500 };
        var small = Fresh("small") with { MemoryBytes = 500 };
        var taken = Fresh("taken") with { MemoryBytes = 1000, MemoryTaken = 500 };
        var busy = Fresh("busy") with { CpuMillis = 1000, CpuTaken = 600 };

        Assert.Equal(PlacementKind.NoMatch, Placer.Place(View(small), request, null, 0).Kind);
        Assert.Equal("fits", Placed(request, small, taken, busy, Fresh("fits") with { MemoryBytes = 1000, MemoryTaken = 400, CpuMillis = 500 }));
        Assert.Equal(PlacementKind.Full, Placer.Place(View(taken), request, null, 0).Kind);
        Assert.Equal(PlacementKind.MakeRoom, Placer.Place(View(taken with { Evictable = 1, MemoryEvictable = 100 }), request, null, 0).Kind);
    }

    [Fact]
    public void Place_SnapshotOfAnotherRuntime_GoesWhereThatRuntimeIs()
    {
        var request = Plain with { Runtime = "old", SnapshotNode = "new" };

        Assert.Equal("old", Placed(request, Fresh("new") with { Runtime = "new" }, Fresh("old") with { Runtime = "old" }));
        Assert.Equal(PlacementKind.NoMatch, Placer.Place(View(Fresh("new") with { Runtime = "new" }), request, null, 0).Kind);
    }

    [Fact]
    public void Place_OnAThousandNodes_AllocatesNothing()
    {
        var view = new ClusterView([.. Enumerable.Range(0, 1000).Select(static i => new NodeView(Fresh($"n{i:0000}") with { Warm = Warm(i % 3) }, new(i + 1, false, i % 10 == 0)))]);
        for (var i = 0; i < 200; i++)
        {
            Placer.Place(view, Plain, null, i);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Placer.Place(view, Plain, null, i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Place_OnAHundredNodes_AllocatesNothing()
    {
        var labels = None.SetItem("zone", "a").SetItem("pool", "x");
        var view = View([.. Enumerable.Range(0, 100).Select(i => Fresh($"n{i:00}") with { Labels = labels, Warm = Warm(i % 3) })]);
        var request = Plain with { SnapshotNode = "n42", TemplateSelector = labels, ActorSelector = None.SetItem("zone", "a") };
        var excluded = new HashSet<string> { "n42" };
        for (var i = 0; i < 200; i++)
        {
            Placer.Place(view, request, excluded, i);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Placer.Place(view, request, excluded, i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static bool Eligible(NodeStatus node, PlacementRequest request, HashSet<string> excluded) =>
        !node.Draining && node.Slots > 0 && !excluded.Contains(node.Id)
        && (request.TemplateSelector is null || node.Labels.ContainsKey("zone"))
        && (request.ActorSelector!.IsEmpty || node.Labels.ContainsKey("zone"));

    private static PlacementKind KindOf(NodeView node) =>
        node.Free > 0 ? PlacementKind.Room : node.Status.Evictable > 0 ? PlacementKind.MakeRoom : PlacementKind.Full;

    private static string Placed(PlacementRequest request, params NodeStatus[] nodes) => Placer.Place(View(nodes), request, null, 0).Node!.Status.Id;

    private static ClusterView View(params NodeStatus[] nodes) => new([.. nodes.OrderBy(static node => node.Id, StringComparer.Ordinal).Select(static node => new NodeView(node))]);

    private static NodeStatus Fresh(string id) => new() { Id = id, Incarnation = "", Address = "", Slots = 4 };

    private static ImmutableSortedDictionary<string, int> Warm(int count) => ImmutableSortedDictionary<string, int>.Empty.Add(Template, count);
}
