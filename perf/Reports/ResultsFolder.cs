using System.Text.Json;
using Substrate.Perf.Charts;
using Substrate.Perf.Suites;

namespace Substrate.Perf.Reports;

/// <summary><c>perf/results/</c>: one report and its pictures per suite, the newest run only; and <c>perf/RESULTS.md</c>, made from them.</summary>
internal sealed class ResultsFolder(string directory)
{
    private string Page => Path.Combine(directory, "..", "RESULTS.md");

    /// <summary>Replaces the suite's files and makes the page anew.</summary>
    /// <param name="report">The report; its charts are named here.</param>
    /// <param name="charts">The pictures.</param>
    public void Write(SuiteReport report, IReadOnlyList<IChart> charts)
    {
        Directory.CreateDirectory(directory);
        foreach (var old in Directory.EnumerateFiles(directory, $"{report.Suite}-*.svg"))
        {
            File.Delete(old);
        }

        var files = charts.Select(chart => new ChartFile(chart.Title, $"{report.Suite}-{chart.Name}.svg")).ToArray();
        foreach (var (chart, file) in charts.Zip(files))
        {
            File.WriteAllText(Path.Combine(directory, file.File), SvgPicture.Of(chart));
        }

        File.WriteAllText(Path.Combine(directory, $"{report.Suite}.json"), (report with { Charts = files }).ToJson());
        File.WriteAllText(Page, ResultsPage.Of(Read(), [.. SuiteCatalog.All.Select(static suite => suite.Name)]));
    }

    /// <summary>The reports that are there, in the catalog's order.</summary>
    private SuiteReport[] Read() => [.. SuiteCatalog.All
        .Select(suite => Path.Combine(directory, $"{suite.Name}.json"))
        .Where(File.Exists)
        .Select(static file => Parse(file))];

    private static SuiteReport Parse(string file)
    {
        try
        {
            return SuiteReport.Parse(File.ReadAllText(file));
        }
        catch (JsonException e)
        {
            throw new BenchException($"{file} is no report of a benchmark: {e.Message}", "Delete it or run its suite again.");
        }
    }
}
