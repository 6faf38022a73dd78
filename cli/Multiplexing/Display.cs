using Spectre.Console;
using Spectre.Console.Rendering;
using Substrate.Cli.Output;

namespace Substrate.Cli.Multiplexing;

/// <summary>Shows how it goes: live on a terminal, a line every few seconds elsewhere.</summary>
internal sealed class Display(Screen screen, Tally tally, Func<(int Running, int Resting)> states, TimeProvider time)
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Line = TimeSpan.FromSeconds(5);

    /// <summary>Shows until the work is done.</summary>
    public Task RunAsync(Task work) => screen.Interactive
        ? screen.Console.Live(Picture()).StartAsync(async live => await RepeatAsync(work, Frame, () => live.UpdateTarget(Picture())))
        : RepeatAsync(work, Line, () => screen.Note("  " + Sentence()));

    private async Task RepeatAsync(Task work, TimeSpan pause, Action show)
    {
        using var ended = new CancellationTokenSource();
        while (await Task.WhenAny(work, Task.Delay(pause, time, ended.Token)) != work)
        {
            show();
        }

        await ended.CancelAsync();
        show();
    }

    private string Sentence()
    {
        var (now, (running, resting)) = (tally.Now(), states());
        return FormattableString.Invariant(
            $"{now.Done}/{tally.Total} requests, {now.Wrong} wrong, {now.Failed} failed, p50 {now.P50.TotalMilliseconds:0} ms, p99 {now.P99.TotalMilliseconds:0} ms, {running} running, {resting} at rest");
    }

    private Rows Picture()
    {
        var (now, (running, resting)) = (tally.Now(), states());
        var bar = new BreakdownChart().Width(60).HideTags()
            .AddItem("right", now.Right, Color.Green)
            .AddItem("wrong or failed", now.Wrong + now.Failed, Color.Red)
            .AddItem("to do", Math.Max(0, tally.Total - now.Done), Color.Grey23);
        IRenderable[] rows =
        [
            bar,
            new Text(FormattableString.Invariant($"requests   {now.Done} of {tally.Total}")),
            new Text(FormattableString.Invariant($"wrong      {now.Wrong}     failed {now.Failed}")),
            new Text(FormattableString.Invariant($"latency    p50 {now.P50.TotalMilliseconds:0} ms   p99 {now.P99.TotalMilliseconds:0} ms")),
            new Text(FormattableString.Invariant($"actors     {running} running   {resting} at rest")),
        ];
        return new Rows(rows);
    }
}
