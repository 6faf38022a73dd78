using System.CommandLine;
using Substrate.Cli.Benchmarks;
using Substrate.Cli.Output;
using Substrate.Cli.Standalone;
using Substrate.Perf.Suites;

namespace Substrate.Cli.Verbs;

/// <summary><c>bench</c>: measurements on this machine.</summary>
internal static class BenchVerb
{
    private const string Notes = """
        Starts private instances with a directory and ports of their own; a running one is not touched, but shares the machine. The table goes to
        standard output; the report, its charts and RESULTS.md to perf/ of the checkout, or to where --results says.
        """;

    public static Command Create()
    {
        var verb = new Verb("bench", "Measure on this machine") { Examples = ["./substrate bench activation --quick", "./substrate bench all --quick"] };
        foreach (var suite in SuiteCatalog.All)
        {
            verb.Subcommands.Add(Of(suite.Name, suite.Summary, [suite]));
        }

        verb.Subcommands.Add(Of("all", "Every suite, one after another", SuiteCatalog.All));
        return verb;
    }

    private static Verb Of(string name, string description, IReadOnlyList<ISuite> suites)
    {
        var quick = new Option<bool>("--quick") { Description = $"Measure less: at most {DurationText.Of(SuiteContext.QuickLimit)} for each suite" };
        var json = new Option<string>("--json") { Description = "Also write the numbers to a file", HelpName = "FILE" };
        var results = new Option<string>("--results") { Description = "Directory for report and charts (default: perf/results of the checkout)", HelpName = "DIR" };
        var verb = new Verb(name, description)
        {
            Options = { quick, json, results },
            Notes = Notes,
            Examples = [$"./substrate bench {name}", $"./substrate bench {name} --quick --json {name}.json"],
        };
        var rounds = suites is [{ Rounds: not null }] ? RoundsOption(suites[0].Rounds!.Value) : null;
        if (rounds is not null)
        {
            verb.Options.Add(rounds);
        }

        verb.SetAction(async (parsed, _) =>
        {
            var screen = CommandTree.ScreenOf(parsed);
            Preflight.EnterMountNamespace();
            var options = new SuiteOptions(
                parsed.GetValue(quick),
                rounds is null ? null : parsed.GetValue(rounds),
                parsed.GetValue(results),
                $"./substrate {string.Join(' ', parsed.Tokens.Select(static token => token.Value))}");
            using var interrupts = new Interrupts(() => screen.Note("stopping"));
            var run = new SuiteRun(options, screen, TimeProvider.System);
            List<BenchRow> rows = [];
            foreach (var suite in suites)
            {
                rows.AddRange(await run.RunAsync(suite, interrupts.Token));
            }

            if (parsed.GetValue(json) is { } file)
            {
                await File.WriteAllTextAsync(file, BenchRow.ToJson(rows), CancellationToken.None);
            }
        });
        return verb;
    }

    private static Option<int?> RoundsOption((int Full, int Quick) usual)
    {
        var option = new Option<int?>("--rounds", "--cycles") { Description = $"Rounds instead of {usual.Full}, or {usual.Quick} with --quick", HelpName = "N" };
        option.Validators.Add(static result =>
        {
            if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, out var number) || number is < 1 or > 100_000))
            {
                result.AddError($"{result.IdentifierToken?.Value} '{result.Tokens[0].Value}': it is a number from 1 to 100000");
            }
        });
        return option;
    }
}
