using System.Text;

namespace Substrate.Perf.Reports;

/// <summary>The page that shows the newest result of each suite.</summary>
internal static class ResultsPage
{
    private const string Head = """
        # Results

        Made by `./substrate bench` from the files in `results/`; a change by hand is overwritten by the next run. How each suite measures is in
        [README.md](README.md), what the numbers mean in [docs/performance.md](../docs/performance.md). Absolute times are the machine's as much
        as Substrate's: what compares across machines is ratios, measured in turns within one run.

        """;

    /// <param name="reports">What was measured.</param>
    /// <param name="suites">Every suite there is: those without a report are named.</param>
    public static string Of(IReadOnlyList<SuiteReport> reports, IReadOnlyList<string> suites)
    {
        var page = new StringBuilder(Head);
        foreach (var report in reports)
        {
            Append(page, report);
        }

        var missing = suites.Except(reports.Select(static report => report.Suite)).ToArray();
        if (missing.Length > 0)
        {
            page.Append("\nNot run yet, so without a report here: ").AppendJoin(", ", missing).Append(".\n");
        }

        return page.ToString();
    }

    private static void Append(StringBuilder page, SuiteReport report)
    {
        page.Append(FormattableString.Invariant($"""

            ## {report.Suite}

            {report.Summary}

            | | |
            |---|---|
            | command | `{report.Command}`{(report.Quick ? " (quick: few samples)" : "")} |
            | commit | {(report.Commit.EndsWith('+') ? $"{report.Commit.TrimEnd('+')} with changes" : report.Commit)} |
            | machine | {report.Machine} |
            | when | {report.At:yyyy-MM-dd HH:mm} UTC, {report.Seconds:0} s |

            """));
        foreach (var table in report.Tables)
        {
            page.Append('\n').Append(table.Title).Append(":\n\n");
            Line(page, table.Columns);
            Line(page, table.Columns.Select(static _ => "---"));
            foreach (var row in table.Rows)
            {
                Line(page, row);
            }
        }

        foreach (var note in report.Notes)
        {
            page.Append("\n* ").Append(note);
        }

        page.Append(report.Notes.Count > 0 ? "\n" : "");
        foreach (var chart in report.Charts)
        {
            page.Append(FormattableString.Invariant($"\n![{chart.Title}](results/{chart.File})\n"));
        }
    }

    private static void Line(StringBuilder page, IEnumerable<string> cells) =>
        page.Append("| ").AppendJoin(" | ", cells.Select(static c => c.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
}
