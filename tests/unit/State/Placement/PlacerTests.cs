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
            placed.Node!.Charge();
        }

        Assert.All(view.Nodes, static node => Assert.Equal(5, node.Charged));
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
            placed.Node!.Charge();
        }

        Assert.All(view.Nodes, static node => Assert.Equal(0, node.Free));
        Assert.Equal(PlacementKind.Full, Placer.Place(view, Plain, null, 0).Kind);
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

    private static ClusterView View(params NodeStatus[] nodes) => new([.. nodes.Select(static node => new NodeView(node))]);

    private static NodeStatus Fresh(string id) => new() { Id = id, Incarnation = "", Address = "", Slots = 4 };

    private static ImmutableSortedDictionary<string, int> Warm(int count) => ImmutableSortedDictionary<string, int>.Empty.Add(Template, count);
}
