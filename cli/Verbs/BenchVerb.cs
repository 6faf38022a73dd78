using System.CommandLine;
using Substrate.Cli.Benchmarks;
using Substrate.Cli.Standalone;

namespace Substrate.Cli.Verbs;

/// <summary><c>bench</c>: measurements on this machine.</summary>
internal static class BenchVerb
{
    private const int UsualCycles = 50;
    private const int QuickCycles = 10;

    public static Command Create() => new Verb("bench", "Measure on this machine")
    {
        Subcommands = { Activation() },
        Examples = ["./substrate bench activation --quick"],
    };

    private static Verb Activation()
    {
        var quick = new Option<bool>("--quick") { Description = $"{QuickCycles} rounds instead of {UsualCycles}" };
        var json = new Option<string>("--json") { Description = "Also write the numbers to a file", HelpName = "FILE" };
        var cycles = new Option<int?>("--cycles") { Description = "Rounds; each has one raw restore and one request", HelpName = "N" };
        cycles.Validators.Add(static result =>
        {
            if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, out var number) || number is < 1 or > 100_000))
            {
                result.AddError($"--cycles '{result.Tokens[0].Value}': it is a number from 1 to 100000");
            }
        });
        var verb = new Verb("activation", "Compare a request to a paused actor with the runtime's own restore of the same snapshot")
        {
            Options = { quick, cycles, json },
            Notes = "Starts a private instance with a directory and ports of its own; a running one is not touched, but shares the machine.",
            Examples = ["./substrate bench activation", "./substrate bench activation --quick --json activation.json"],
        };
        verb.SetAction(async (parsed, _) =>
        {
            var screen = CommandTree.ScreenOf(parsed);
            var plan = new ActivationPlan(parsed.GetValue(cycles) ?? (parsed.GetValue(quick) ? QuickCycles : UsualCycles), Slots: 4);
            using var interrupts = new Interrupts(() => screen.Note("stopping"));
            var result = await new ActivationBench(plan, screen, TimeProvider.System).RunAsync(interrupts.Token);
            result.Table().WriteTo(screen);
            if (parsed.GetValue(json) is { } file)
            {
                await File.WriteAllTextAsync(file, BenchRow.ToJson(result.Rows()), CancellationToken.None);
            }
        });
        return verb;
    }
}
