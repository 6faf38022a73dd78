using System.CommandLine;
using Substrate.Cli.Multiplexing;
using Substrate.Cli.Output;
using Substrate.Cli.Standalone;

namespace Substrate.Cli.Verbs;

/// <summary><c>demo multiplex</c>: many actors on few slots.</summary>
internal static class DemoVerb
{
    public static Command Create() => new Verb("demo", "Demonstrations against a running installation")
    {
        Subcommands = { Multiplex() },
        Examples = ["substrate demo multiplex"],
    };

    private static Verb Multiplex()
    {
        var actors = Numbers.Option("--actors", "Counter actors to create", 250, 1, 9999);
        var requests = Numbers.Option("--requests", "Requests to each", 5, 1, 100_000);
        var concurrency = Numbers.Option("--concurrency", "Requests under way at once", 16, 1, 1000);
        var seed = new Option<int>("--seed") { Description = "Seed of the random order (default: 1)", HelpName = "N", DefaultValueFactory = static _ => 1 };
        var ingress = new Option<string>("--ingress")
        {
            Description = "Address of the ingress",
            HelpName = "URL",
            DefaultValueFactory = static _ => "http://127.0.0.1:8000",
        };
        var limit = Durations.Option("--request-timeout", "Longest wait for one answer", TimeSpan.FromSeconds(90));
        var keep = new Option<bool>("--keep") { Description = "Leave the actors at the end" };
        var verb = new Verb("multiplex", "Create many counter actors, request them in random order, and check every answer")
        {
            Options = { actors, requests, concurrency, seed, ingress, limit, keep },
            Notes = "Uses atespace demo and template demo/counter, which 'up' brings. Exit code 1 when an answer was wrong or lost.",
            Examples = ["substrate demo multiplex", "substrate demo multiplex --actors 50 --requests 10 --seed 7"],
        };
        ConnectionOptions.AddTo(verb);
        verb.SetAction(async (parsed, _) =>
        {
            var plan = new MultiplexPlan(
                parsed.GetValue(actors), parsed.GetValue(requests), parsed.GetValue(concurrency), parsed.GetValue(seed),
                Ingress(parsed.GetValue(ingress)!), parsed.GetValue(limit) is { Ticks: > 0 } set ? set : TimeSpan.FromSeconds(90), parsed.GetValue(keep));
            var screen = CommandTree.ScreenOf(parsed);
            using var api = ConnectionOptions.Connect(parsed);
            using var interrupts = new Interrupts(() => screen.Note("stopping; the actors are deleted first"));
            return await new Multiplex(plan, api, screen, TimeProvider.System).RunAsync(interrupts.Token) ? ExitCode.Ok : ExitCode.Failed;
        });
        return verb;
    }

    private static Uri Ingress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        ? new Uri(text)
        : throw new CommandFailure($"--ingress '{text}' is not an address", "Write it as http://HOST:PORT.", ExitCode.Usage);
}
