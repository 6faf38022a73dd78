using System.CommandLine;
using System.Text.Json;
using Substrate.Cli.Multiplexing;
using Substrate.Cli.Output;
using Substrate.Cli.Standalone;
using Substrate.Perf.Load;
using Substrate.State.Templates;

namespace Substrate.Cli.Verbs;

/// <summary><c>load</c>: the load generator, against any installation.</summary>
internal static class LoadVerb
{
    private static readonly TimeSpan Line = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var options = new LoadOptions();
        var json = new Option<string>("--json") { Description = "Also write the report to a file", HelpName = "FILE" };
        var create = new Option<string>("--create") { Description = "Create the actors of this template first and delete them afterwards", HelpName = "NS/NAME" };
        var verb = new Verb("load", "Send requests to many actors at the times when they are due, and check every answer")
        {
            Options = { json, create },
            Notes = """
                Requests are due at random times at the given rate, whatever became of earlier ones; latency counts from when a request was due. So a system
                that stands still for a second shows it in every request that was due meanwhile. Visits to an actor have --turns requests with --think between
                them; which actor is visited follows Zipf's law. With --check counter (the demo's actors) an answer must come from the right actor with a count
                that neither repeats nor goes back. Exit code 1 when an answer was wrong, lost or could not be asked for; refusals (429, 503, 504) are counted.
                """,
            Examples =
            [
                "substrate load --create demo/counter --actors 40 --rate 10 --think 500ms --turns 3 --duration 60s",
                "substrate load --target http://ingress.example:80 -a team --prefix agent- --actors 500 --rate 200 --check status --json load.json",
                "substrate load --plan plan.json --json report.json   # what a report of --json repeats",
            ],
        };
        options.AddTo(verb);
        ConnectionOptions.AddTo(verb);
        verb.SetAction(async (parsed, _) =>
        {
            var screen = CommandTree.ScreenOf(parsed);
            var plan = options.PlanOf(parsed);
            using var interrupts = new Interrupts(() => screen.Note("stopping; requests under way are still answered"));
            var report = parsed.GetValue(create) is { } template
                ? await WithActorsAsync(plan, Nouns.Template(template), parsed, screen, interrupts.Token)
                : await RunAsync(plan, screen, interrupts.Token);
            Print(report, screen);
            if (parsed.GetValue(json) is { } file)
            {
                await File.WriteAllTextAsync(file, report.ToJson(), CancellationToken.None);
            }

            return report.Sound ? ExitCode.Ok : ExitCode.Failed;
        });
        return verb;
    }

    private static async Task<LoadReport> WithActorsAsync(LoadPlan plan, TemplateKey template, ParseResult parsed, Screen screen, CancellationToken cancellationToken)
    {
        using var api = ConnectionOptions.Connect(parsed);
        var cast = new Cast(api, plan.Atespace, template, plan.Actors);
        screen.Note($"creating {plan.Actors.Count} actors");
        try
        {
            await cast.CreateAsync(cancellationToken);
            return await RunAsync(plan, screen, cancellationToken);
        }
        finally
        {
            screen.Note($"deleting {plan.Actors.Count} actors");
            await cast.DeleteAsync(CancellationToken.None);
        }
    }

    private static async Task<LoadReport> RunAsync(LoadPlan plan, Screen screen, CancellationToken cancellationToken)
    {
        using var caller = new ActorCaller(plan);
        var load = new LoadRun(plan, caller.CallAsync, TimeProvider.System);
        var work = load.RunAsync(cancellationToken);
        while (await Task.WhenAny(work, Task.Delay(Line, TimeProvider.System, CancellationToken.None)) != work)
        {
            screen.Note($"  {load.Now}");
        }

        return await work;
    }

    private static void Print(LoadReport report, Screen screen)
    {
        foreach (var problem in report.Problems)
        {
            screen.Note($"  {problem}");
        }

        foreach (var table in LoadTables.Of(report))
        {
            screen.Note($"{table.Title}:");
            var listing = new Listing([.. table.Columns]);
            foreach (var row in table.Rows)
            {
                listing.Add([.. row]);
            }

            listing.WriteTo(screen);
        }
    }

    /// <summary>Reads a file that <c>--plan</c> names.</summary>
    /// <exception cref="CommandFailure">There is no plan in it.</exception>
    internal static LoadPlan ReadPlan(string file)
    {
        try
        {
            return LoadPlan.Parse(File.ReadAllText(file));
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"--plan '{file}' is no plan of a load: {failure.Message}", null, ExitCode.Usage, failure);
        }
    }
}
