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
    private int _calls;

    [Fact]
    public async Task Latency_OfASystemThatStoodStill_CountsFromWhenEachRequestWasDue()
    {
        // Nothing is answered in the first five seconds: a generator that waits for answers would have sent one request in that time.
        var standstill = new TaskCompletionSource();
        var run = Start(Plan, async () => { await standstill.Task; return new CallResult(CallOutcome.Right); });
        await AdvanceAsync(TimeSpan.FromSeconds(5));

        // From a thread of the pool: there all who wait go on before the call returns, and so before the clock does.
        await Task.Run(standstill.SetResult, TestContext.Current.CancellationToken);
        await AdvanceAsync(TimeSpan.FromSeconds(6));

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
        var run = Start(Plan with { Outstanding = 5 }, async () => { await never.Task; return new CallResult(CallOutcome.Right); });
        await AdvanceAsync(TimeSpan.FromSeconds(11), most: 5);
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
        var run = Start(Plan, () => Task.FromResult((Interlocked.Increment(ref calls) % 4) switch
        {
            0 => new CallResult(CallOutcome.Refused, "503"),
            1 => new CallResult(CallOutcome.Right, "", "hold;dur=20, restore;dur=12.5, warm"),
            2 => new CallResult(CallOutcome.Wrong, "other actor"),
            _ => new CallResult(CallOutcome.Failed, "reset"),
        }));
        await AdvanceAsync(TimeSpan.FromSeconds(11));

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
        var run = Start(Plan with { WarmUp = TimeSpan.FromSeconds(9) }, static () => Task.FromResult(new CallResult(CallOutcome.Right)));
        await AdvanceAsync(TimeSpan.FromSeconds(11));

        Assert.InRange((await run).Right, 50, 150);
        Assert.InRange(_calls, 900, 1100);
    }

    [Fact]
    public async Task Generator_ThatBreaks_HasNoReport()
    {
        var run = Start(Plan, static () => throw new InvalidDataException("broken"));
        await AdvanceAsync(TimeSpan.FromSeconds(11));

        Assert.IsType<InvalidDataException>((await Assert.ThrowsAsync<InvalidOperationException>(() => run)).InnerException);
    }

    private Task<LoadReport> Start(LoadPlan plan, Func<Task<CallResult>> answer) => new LoadRun(
        plan,
        (_, _) =>
        {
            Interlocked.Increment(ref _calls);
            return answer();
        },
        _time).RunAsync(CancellationToken.None);

    // The clock stands until everything that is due has been sent, so a request is sent at most a step too late.
    private async Task AdvanceAsync(TimeSpan time, int most = int.MaxValue)
    {
        var due = Schedule.Of(Plan).Select(static d => d.At).ToArray();
        var start = _time.Start;
        var until = _time.GetUtcNow() + time;
        while (_time.GetUtcNow() < until)
        {
            _time.Advance(TimeSpan.FromMilliseconds(5));
            var found = Array.BinarySearch(due, _time.GetUtcNow() - start);
            var sent = Math.Min(most, found < 0 ? ~found : found);
            while (Volatile.Read(ref _calls) < sent)
            {
                await Task.Yield();
            }
        }
    }
}
