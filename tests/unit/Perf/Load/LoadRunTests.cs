using Microsoft.Extensions.Time.Testing;
using Substrate.Perf.Load;

namespace Substrate.Perf.UnitTests.Load;

public sealed class LoadRunTests
{
    private static readonly LoadPlan Plan = new()
    {
        Target = new Uri("http://127.0.0.1"),
        Actors = ["a"],
        Rate = 100,
        Duration = TimeSpan.FromSeconds(10),
    };

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Latency_OfASystemThatStoodStill_CountsFromWhenEachRequestWasDue()
    {
        // Nothing is answered in the first five seconds: a generator that waits for answers would have sent one request in that time.
        var standstill = new TaskCompletionSource();
        var run = new LoadRun(Plan, async (_, _) => { await standstill.Task; return new CallResult(CallOutcome.Right); }, _time).RunAsync(CancellationToken.None);
        await AdvanceAsync(TimeSpan.FromSeconds(5));
        standstill.SetResult();
        await AdvanceUntilAsync(run);

        var report = await run;

        Assert.InRange(report.Right, 900, 1100);
        Assert.InRange(report.At(50), 0, 200);
        Assert.InRange(report.At(75), 2000, 3200);
        Assert.InRange(report.At(99), 4700, 5300);
    }

    [Fact]
    public async Task Requests_BeyondThoseThatMayBeUnderWay_AreCountedAsUnsent()
    {
        var never = new TaskCompletionSource();
        var run = new LoadRun(Plan with { Outstanding = 5 }, async (_, _) => { await never.Task; return new CallResult(CallOutcome.Right); }, _time).RunAsync(CancellationToken.None);
        await AdvanceAsync(TimeSpan.FromSeconds(11));
        never.SetResult();

        var report = await run;

        Assert.Equal(5, report.Right);
        Assert.Equal(report.Due - 5, report.Unsent);
        Assert.False(report.Sound);
    }

    [Fact]
    public async Task Report_OfEveryOutcome_CountsEach()
    {
        var calls = 0;
        var run = new LoadRun(Plan, (_, _) => Task.FromResult((Interlocked.Increment(ref calls) % 4) switch
        {
            0 => new CallResult(CallOutcome.Refused, "503"),
            1 => new CallResult(CallOutcome.Right, "", "hold;dur=20, restore;dur=12.5, warm"),
            2 => new CallResult(CallOutcome.Wrong, "other actor"),
            _ => new CallResult(CallOutcome.Failed, "reset"),
        }), _time).RunAsync(CancellationToken.None);
        await AdvanceUntilAsync(run);

        var report = LoadReport.Parse((await run).ToJson());

        Assert.Equal(report.Due, report.Right + report.Refused + report.Wrong + report.Failed);
        Assert.InRange(report.RefusedPercent, 24.5, 25.5);
        Assert.Equal(report.Right, report.Woken);
        Assert.Equal((20.0, 12.5), (report.WokenPhases["hold"], report.TailPhases["restore"]));
        Assert.Equal(2, report.WokenPhases.Count);
        Assert.Equal(10, report.Problems.Count);
        Assert.False(report.Sound);
    }

    [Fact]
    public async Task Requests_OfTheWarmUp_AreSentAndNotCounted()
    {
        var calls = 0;
        var run = new LoadRun(
            Plan with { WarmUp = TimeSpan.FromSeconds(9) },
            (_, _) => { Interlocked.Increment(ref calls); return Task.FromResult(new CallResult(CallOutcome.Right)); },
            _time).RunAsync(CancellationToken.None);
        await AdvanceUntilAsync(run);

        Assert.InRange((await run).Right, 50, 150);
        Assert.InRange(calls, 900, 1100);
    }

    private async Task AdvanceUntilAsync(Task work)
    {
        while (!work.IsCompleted)
        {
            await AdvanceAsync(TimeSpan.FromMilliseconds(20));
        }
    }

    private async Task AdvanceAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(5))
        {
            _time.Advance(TimeSpan.FromMilliseconds(5));
            await Task.Yield();
        }
    }
}
