using Microsoft.Extensions.Time.Testing;
using Substrate.NodeAgent.Admission;

namespace Substrate.NodeAgent.UnitTests.Admission;

public sealed class LedgerTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Enter_WithAFreeSlot_IsLetInAtOnce()
    {
        var ledger = new Ledger(1, _time);

        Assert.True(await ledger.EnterAsync(TimeSpan.Zero));
        Assert.Equal(1, ledger.Active);
    }

    [Fact]
    public async Task Enter_WhenFull_IsServedInTurn()
    {
        var ledger = new Ledger(1, _time);
        await ledger.EnterAsync(TimeSpan.Zero);
        var first = ledger.EnterAsync(TimeSpan.FromMinutes(1));
        var second = ledger.EnterAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(2, ledger.Waiting);

        ledger.Leave();

        Assert.True(await first);
        Assert.False(second.IsCompleted);
        ledger.Leave();
        Assert.True(await second);
        Assert.Equal((1, 0), (ledger.Active, ledger.Waiting));
    }

    [Fact]
    public async Task Enter_WhenTimeIsUp_IsRefusedAndNoLongerCounted()
    {
        var ledger = new Ledger(1, _time);
        await ledger.EnterAsync(TimeSpan.Zero);
        var waiting = ledger.EnterAsync(TimeSpan.FromSeconds(5));

        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.False(await waiting);
        Assert.Equal((1, 0), (ledger.Active, ledger.Waiting));
        ledger.Leave();
        Assert.Equal(0, ledger.Active);
    }

    [Fact]
    public async Task Close_RefusesThoseWhoWaitAndThoseWhoCome()
    {
        var ledger = new Ledger(1, _time);
        await ledger.EnterAsync(TimeSpan.Zero);
        var waiting = ledger.EnterAsync(TimeSpan.FromMinutes(1));

        ledger.Close();

        Assert.False(await waiting);
        Assert.False(await ledger.EnterAsync(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task Crowded_IsRaisedForEachWhoWaits()
    {
        var ledger = new Ledger(1, _time);
        var raised = 0;
        ledger.Crowded += () => raised++;
        await ledger.EnterAsync(TimeSpan.Zero);
        Assert.Equal(0, raised);

        _ = ledger.EnterAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(1, raised);
    }

    [Fact]
    public async Task ManyAtOnce_NeverMoreInsideThanSlots()
    {
        var ledger = new Ledger(3, _time);
        var (inside, most) = (0, 0);
        await Parallel.ForEachAsync(Enumerable.Range(0, 500), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, _) =>
        {
            Assert.True(await ledger.EnterAsync(TimeSpan.FromMinutes(1)));
            var now = Interlocked.Increment(ref inside);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            ledger.Leave();
        });

        Assert.InRange(most, 1, 3);
        Assert.Equal((0, 0), (ledger.Active, ledger.Waiting));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
