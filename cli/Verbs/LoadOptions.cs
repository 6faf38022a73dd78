using System.CommandLine;
using System.Globalization;
using Substrate.Cli.Output;
using Substrate.Perf.Load;
using Substrate.State.Actors;

namespace Substrate.Cli.Verbs;

/// <summary>The options that describe a load.</summary>
internal sealed class LoadOptions
{
    private readonly Option<string> _plan = new("--plan") { Description = "Read the whole load from a file; the other options of the load are ignored", HelpName = "FILE" };
    private readonly Option<string> _target = new("--target") { Description = "Address of the ingress", HelpName = "URL", DefaultValueFactory = static _ => "http://127.0.0.1:8000" };
    private readonly Option<string> _atespace = new("--atespace", "-a") { Description = "Atespace of the actors", HelpName = "NAME", DefaultValueFactory = static _ => "demo" };
    private readonly Option<string> _prefix = new("--prefix") { Description = "The actors' names are this and 0001, 0002, …", HelpName = "TEXT", DefaultValueFactory = static _ => "load-" };
    private readonly Option<int> _actors = Numbers.Option("--actors", "Number of actors", 10, 1, 1_000_000);
    private readonly Option<double> _rate = Real("--rate", "Requests due per second, on average", 10, 0.01, 1_000_000);
    private readonly Option<double> _zipf = Real("--zipf", "Exponent of the actors' popularity; 0 for all equal", 1.1, 0, 10);
    private readonly Option<int> _turns = Numbers.Option("--turns", "Requests of one visit to an actor", 1, 1, 10_000);
    private readonly Option<TimeSpan> _think = Durations.Option("--think", "Mean time between the requests of a visit", TimeSpan.FromMilliseconds(500));
    private readonly Option<TimeSpan> _duration = Durations.Option("--duration", "How long requests come due", TimeSpan.FromSeconds(30));
    private readonly Option<int> _connections = Numbers.Option("--connections", "Connections at most", 256, 1, 100_000);
    private readonly Option<int> _outstanding = Numbers.Option("--outstanding", "Requests under way at most; what is due beyond is not sent, and counted", 10_000, 1, 1_000_000);
    private readonly Option<TimeSpan> _limit = Durations.Option("--request-timeout", "Longest wait for one answer, from when it was due", TimeSpan.FromSeconds(60));
    private readonly Option<string> _method = new("--method") { Description = "HTTP method", HelpName = "NAME", DefaultValueFactory = static _ => "GET" };
    private readonly Option<string> _path = new("--path") { Description = "Path below the actor's address", HelpName = "PATH", DefaultValueFactory = static _ => "/" };
    private readonly Option<string> _body = new("--body") { Description = "Text sent with each request", HelpName = "TEXT" };
    private readonly Option<bool> _http2 = new("--http2") { Description = "HTTP/2 with prior knowledge instead of HTTP/1.1" };
    private readonly Option<AnswerCheck> _check = new("--check") { Description = "What is right: counter (the demo's counts) or status (any 2xx)", DefaultValueFactory = static _ => AnswerCheck.Counter };
    private readonly Option<int> _seed = new("--seed") { Description = "Seed of everything random (default: 1)", HelpName = "N", DefaultValueFactory = static _ => 1 };

    public void AddTo(Command verb)
    {
        foreach (var option in (Option[])
        [
            _plan, _target, _atespace, _prefix, _actors, _rate, _zipf, _turns, _think, _duration, _connections, _outstanding, _limit,
            _method, _path, _body, _http2, _check, _seed,
        ])
        {
            verb.Options.Add(option);
        }
    }

    /// <exception cref="CommandFailure">A value breaks a rule.</exception>
    public LoadPlan PlanOf(ParseResult parsed) => parsed.GetValue(_plan) is { } file ? LoadVerb.ReadPlan(file) : new LoadPlan
    {
        Target = Target(parsed.GetValue(_target)!),
        Atespace = parsed.GetValue(_atespace)!,
        Actors = [.. Enumerable.Range(1, parsed.GetValue(_actors)).Select(i => ActorName(parsed.GetValue(_prefix)!, i))],
        Rate = parsed.GetValue(_rate),
        Zipf = parsed.GetValue(_zipf),
        Turns = parsed.GetValue(_turns),
        Think = OrDefault(parsed.GetValue(_think), TimeSpan.FromMilliseconds(500)),
        Duration = OrDefault(parsed.GetValue(_duration), TimeSpan.FromSeconds(30)),
        Connections = parsed.GetValue(_connections),
        Outstanding = parsed.GetValue(_outstanding),
        Timeout = OrDefault(parsed.GetValue(_limit), TimeSpan.FromSeconds(60)),
        Method = parsed.GetValue(_method)!,
        Path = Path(parsed.GetValue(_path)!),
        Body = parsed.GetValue(_body),
        Http2 = parsed.GetValue(_http2),
        Check = parsed.GetValue(_check),
        Seed = parsed.GetValue(_seed),
    };

    private static TimeSpan OrDefault(TimeSpan given, TimeSpan otherwise) => given > TimeSpan.Zero ? given : otherwise;

    private static Uri Target(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        ? uri!
        : throw new CommandFailure($"--target '{text}' is not an address", "Write it as http://HOST:PORT.", ExitCode.Usage);

    private static string Path(string text) => text.StartsWith('/')
        ? text
        : throw new CommandFailure($"--path '{text}' does not begin with a slash", null, ExitCode.Usage);

    private static string ActorName(string prefix, int i)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{prefix}{i:0000}");
        return Names.IsLabel(name)
            ? name
            : throw new CommandFailure($"--prefix '{prefix}': '{name}' is no name of an actor", "Use up to 59 lower-case letters, digits and hyphens, beginning with a letter or digit.", ExitCode.Usage);
    }

    private static Option<double> Real(string name, string description, double otherwise, double least, double most)
    {
        var option = new Option<double>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0
                && (!double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var number) || !(number >= least && number <= most)))
            {
                result.AddError(FormattableString.Invariant($"{name} '{result.Tokens[0].Value}': it is a number from {least} to {most}"));
            }
        });
        return option;
    }
}
