using Substrate.Cli.Output;
using Substrate.Cli.Standalone;
using Substrate.Perf.Reports;
using Substrate.Perf.Suites;

namespace Substrate.Cli.Benchmarks;

/// <summary>How one suite is to be run.</summary>
/// <param name="Quick">Within two minutes.</param>
/// <param name="Rounds">Rounds that were asked for; null for the suite's own number.</param>
/// <param name="Results">Directory of the reports; null for <c>perf/results</c> of the checkout.</param>
/// <param name="Command">What was typed, as the report names it.</param>
internal sealed record SuiteOptions(bool Quick, int? Rounds, string? Results, string Command);

/// <summary>Runs a suite within its time, prints its tables and keeps its report.</summary>
internal sealed class SuiteRun(SuiteOptions options, Screen screen, TimeProvider time)
{
    // A suite plans its own time; this is for one that does not come to an end.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(30);

    /// <summary>Runs it.</summary>
    /// <returns>Its numbers.</returns>
    /// <exception cref="CommandFailure">It did not come to a result.</exception>
    public async Task<IReadOnlyList<BenchRow>> RunAsync(ISuite suite, CancellationToken cancellationToken)
    {
        var home = Home.Require();
        var limit = options.Quick ? SuiteContext.QuickLimit : suite.Limit;
        screen.Note($"{suite.Name}: at most {DurationText.Of(limit)}");
        var (at, started) = (time.GetUtcNow(), time.GetTimestamp());
        using var bound = new CancellationTokenSource(limit + Tolerance, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellationToken);
        SuiteResult result;
        try
        {
            result = await suite.RunAsync(Context(suite, home), either.Token);
        }
        catch (OperationCanceledException) when (bound.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailure($"{suite.Name} did not end within {DurationText.Of(limit)}");
        }
        catch (BenchException failure)
        {
            throw new CommandFailure(failure.Message, failure.Remedy, ExitCode.Failed, failure) { Details = failure.Details };
        }

        Print(result);
        var results = options.Results ?? Path.Combine(home, "perf", "results");
        new ResultsFolder(results).Write(Report(suite, result, home, at, time.GetElapsedTime(started)), result.Charts);
        screen.Note($"{suite.Name}: report and charts in {results}");
        return result.Rows;
    }

    private SuiteContext Context(ISuite suite, string home)
    {
        var usual = suite.Rounds is { } rounds ? options.Quick ? rounds.Quick : rounds.Full : 1;
        return new SuiteContext(options.Quick, options.Rounds ?? usual, home, new PrivateInstances(screen), new LoadProcess(Tell), Tell, time);
    }

    private void Tell(string line) => screen.Note($"  {line}");

    private void Print(SuiteResult result)
    {
        foreach (var table in result.Tables)
        {
            screen.Note($"{table.Title}:");
            var listing = new Listing([.. table.Columns]);
            foreach (var row in table.Rows)
            {
                listing.Add([.. row]);
            }

            listing.WriteTo(screen);
        }

        foreach (var note in result.Notes)
        {
            screen.Note($"  {note}");
        }
    }

    private SuiteReport Report(ISuite suite, SuiteResult result, string home, DateTimeOffset at, TimeSpan took) => new()
    {
        Suite = suite.Name,
        Summary = suite.Summary,
        Command = options.Command,
        Commit = Commit.Of(home),
        Machine = Machine.Here(),
        At = at,
        Seconds = Math.Round(took.TotalSeconds, 1),
        Quick = options.Quick,
        Rows = result.Rows,
        Tables = result.Tables,
        Notes = result.Notes,
        Charts = [],
    };
}
