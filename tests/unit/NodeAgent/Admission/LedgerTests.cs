using Microsoft.Extensions.Time.Testing;
using Substrate.NodeAgent.Admission;

namespace Substrate.NodeAgent.UnitTests.Admission;

public sealed class LedgerTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Enter_WithAFreeSlot_IsLetInAtOnce()
    {
        var ledger = new Ledger(Slots(1), _time);

        Assert.NotNull(await ledger.EnterAsync(One, TimeSpan.Zero));
        Assert.Equal(1, ledger.Active);
    }

    [Fact]
    public async Task Enter_WhenFull_IsServedInTurn()
    {
        var ledger = new Ledger(Slots(1), _time);
        var inside = (await ledger.EnterAsync(One, TimeSpan.Zero))!;
        var first = ledger.EnterAsync(One, TimeSpan.FromMinutes(1));
        var second = ledger.EnterAsync(One, TimeSpan.FromMinutes(1));
        Assert.Equal(2, ledger.Waiting);

        ledger.Leave(inside);

        var next = await first;
        Assert.NotNull(next);
        Assert.False(second.IsCompleted);
        ledger.Leave(next);
        Assert.NotNull(await second);
        Assert.Equal((1, 0), (ledger.Active, ledger.Waiting));
    }

    [Fact]
    public async Task Enter_WhenTimeIsUp_IsRefusedAndNoLongerCounted()
    {
        var ledger = new Ledger(Slots(1), _time);
        var inside = (await ledger.EnterAsync(One, TimeSpan.Zero))!;
        var waiting = ledger.EnterAsync(One, TimeSpan.FromSeconds(5));

        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.Null(await waiting);
        Assert.Equal((1, 0), (ledger.Active, ledger.Waiting));
        ledger.Leave(inside);
        Assert.Equal(0, ledger.Active);
    }

    [Fact]
    public async Task Close_RefusesThoseWhoWaitAndThoseWhoCome()
    {
        var ledger = new Ledger(Slots(1), _time);
        var inside = (await ledger.EnterAsync(One, TimeSpan.Zero))!;
        var waiting = ledger.EnterAsync(One, TimeSpan.FromMinutes(1));

        ledger.Close();

        Assert.Null(await waiting);
        Assert.Null(await ledger.EnterAsync(One, TimeSpan.FromMinutes(1)));
        ledger.Leave(inside);
        Assert.Equal(0, ledger.Active);
    }

    [Fact]
    public async Task Crowded_IsRaisedForEachWhoWaits()
    {
        var ledger = new Ledger(Slots(1), _time);
        var raised = 0;
        ledger.Crowded += () => raised++;
        await ledger.EnterAsync(One, TimeSpan.Zero);
        Assert.Equal(0, raised);

        _ = ledger.EnterAsync(One, TimeSpan.FromMinutes(1));

        Assert.Equal(1, raised);
    }

    [Fact]
    public async Task ManyAtOnce_NeverMoreInsideThanSlots()
    {
        var ledger = new Ledger(Slots(3), _time);
        var (inside, most) = (0, 0);
        await Parallel.ForEachAsync(Enumerable.Range(0, 500), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, _) =>
        {
            var place = await ledger.EnterAsync(One, TimeSpan.FromMinutes(1));
            Assert.NotNull(place);
            var now = Interlocked.Increment(ref inside);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            ledger.Leave(place);
        });

        Assert.InRange(most, 1, 3);
        Assert.Equal((0, 0), (ledger.Active, ledger.Waiting));
    }

    [Fact]
    public async Task Enter_WithoutTheMemory_WaitsThoughASlotIsFree()
    {
        var ledger = new Ledger(new Room(9, 100, 1000), _time);
        var inside = (await ledger.EnterAsync(new Room(1, 80, 0), TimeSpan.Zero))!;
        var waiting = ledger.EnterAsync(new Room(1, 30, 0), TimeSpan.FromMinutes(1));
        Assert.False(waiting.IsCompleted);
        Assert.True(ledger.Lacks(default));
        Assert.False(ledger.Lacks(inside.Held));

        ledger.Leave(inside);

        Assert.Equal(30, (await waiting)!.Held.MemoryBytes);
    }

    [Fact]
    public async Task Enter_ForMoreThanThereIsInAll_IsRefusedAtOnce()
    {
        var ledger = new Ledger(new Room(9, 100, 1000), _time);

        Assert.Null(await ledger.EnterAsync(new Room(1, 101, 0), TimeSpan.FromMinutes(1)));
        Assert.Null(await ledger.EnterAsync(new Room(1, 0, 1001), TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task Enter_BehindALargeOneThatGaveUp_IsServed()
    {
        var ledger = new Ledger(new Room(9, 100, 0), _time);
        await ledger.EnterAsync(new Room(1, 50, 0), TimeSpan.Zero);
        var large = ledger.EnterAsync(new Room(1, 90, 0), TimeSpan.FromSeconds(5));
        var small = ledger.EnterAsync(new Room(1, 10, 0), TimeSpan.FromMinutes(1));
        Assert.False(small.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.Null(await large);
        Assert.NotNull(await small);
    }

    [Fact]
    public async Task Uses_BeyondTheRequest_CountsAndRaisesWhenThereIsNoMore()
    {
        var ledger = new Ledger(new Room(9, 100, 0), _time);
        var raised = 0;
        ledger.Crowded += () => raised++;
        var place = (await ledger.EnterAsync(new Room(1, 50, 0), TimeSpan.Zero))!;

        ledger.Uses(place, 20);
        Assert.Equal((50, 0), (ledger.Held.MemoryBytes, raised));
        ledger.Uses(place, 120);
        Assert.Equal((120, 1, true), (ledger.Held.MemoryBytes, raised, ledger.Lacks(default)));

        ledger.Leave(place);
        Assert.Equal(default, ledger.Held);
    }

    private static Room One => new(1, 10, 100);

    private static Room Slots(int slots) => new(slots, Room.Unlimited, Room.Unlimited);

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
