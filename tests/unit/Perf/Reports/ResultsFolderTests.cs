using Substrate.Perf.Charts;
using Substrate.Perf.Reports;
using Substrate.Perf.Suites;

namespace Substrate.Perf.UnitTests.Reports;

public sealed class ResultsFolderTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory();

    private string Results => Path.Combine(_root.FullName, "results");

    private string Page => File.ReadAllText(Path.Combine(_root.FullName, "RESULTS.md"));

    [Fact]
    public void Page_AfterARun_NamesMachineCommitAndCommand()
    {
        Write("./substrate bench activation --quick", 75);

        Assert.Contains("`./substrate bench activation --quick` (quick: few samples)", Page, StringComparison.Ordinal);
        Assert.Contains("| commit | 0123456789 with changes |", Page, StringComparison.Ordinal);
        Assert.Contains("| machine | Some CPU, 2 cores, 24 GiB, Linux 6.1, Debian, .NET |", Page, StringComparison.Ordinal);
        Assert.Contains("| through the proxy | 75.0 ms |", Page, StringComparison.Ordinal);
        Assert.Contains("](results/activation-paused.svg)", Page, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Results, "activation-paused.svg")));
    }

    [Fact]
    public void Report_ReadBack_HasTheSameRows()
    {
        var written = Write("x", 75);

        var read = SuiteReport.Parse(File.ReadAllText(Path.Combine(Results, "activation.json")));

        Assert.Equal(written.Rows, read.Rows);
        Assert.Equal(written.Machine, read.Machine);
    }

    [Fact]
    public void Run_AfterAnother_ReplacesItWithItsPictures()
    {
        Write("x", 75);
        File.WriteAllText(Path.Combine(Results, "activation-of-an-older-version.svg"), "");

        Write("x", 99);

        Assert.Contains("99.0 ms", Page, StringComparison.Ordinal);
        Assert.DoesNotContain("75.0 ms", Page, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Results, "activation-of-an-older-version.svg")));
    }

    [Fact]
    public void Report_Damaged_IsNamedWithTheRemedy()
    {
        Directory.CreateDirectory(Results);
        File.WriteAllText(Path.Combine(Results, "activation.json"), "{");
        var other = Report("x", Result(75)) with { Suite = "other" };

        var failure = Assert.Throws<BenchException>(() => new ResultsFolder(Results).Write(other, []));

        Assert.Contains("activation.json", failure.Message, StringComparison.Ordinal);
        Assert.NotNull(failure.Remedy);
    }

    public void Dispose() => _root.Delete(recursive: true);

    private SuiteReport Write(string command, double proxy)
    {
        var result = Result(proxy);
        var report = Report(command, result);
        new ResultsFolder(Results).Write(report, result.Charts);
        return report;
    }

    private static SuiteResult Result(double proxy) => new()
    {
        Rows = [new BenchRow("activation", "paused", "proxy_ms_p50", "ms", proxy)],
        Tables = [new ResultTable("Paused", ["CASE", "P50"], [["through the proxy", Cells.Ms(proxy)]])],
        Charts = [new BarChart("paused", "Paused", "ms", ["p50"], [new("through the proxy", [proxy])])],
    };

    private static SuiteReport Report(string command, SuiteResult result) => new()
    {
        Suite = "activation",
        Summary = "Something.",
        Command = command,
        Commit = "0123456789+",
        Machine = new Machine("Some CPU", 2, 24L << 30, "6.1", "Debian", ".NET"),
        At = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Seconds = 12,
        Quick = true,
        Rows = result.Rows,
        Tables = result.Tables,
        Notes = result.Notes,
        Charts = [],
    };
}
