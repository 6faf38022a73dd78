using System.CommandLine;
using Substrate.Cli.Connection;

namespace Substrate.Cli.Verbs;

/// <summary>The options of every verb that talks to the admin API.</summary>
internal static class ConnectionOptions
{
    private static readonly Option<string> Address = new("--endpoint")
    {
        Description = "Address of the admin API (environment: SUBSTRATE_ENDPOINT)",
        HelpName = "URL",
        Recursive = true,
        DefaultValueFactory = static _ => Environment.GetEnvironmentVariable("SUBSTRATE_ENDPOINT") is { Length: > 0 } set ? set : Endpoint.Default,
    };

    private static readonly Option<string> Token = new("--token")
    {
        Description = "Shared secret of the installation (environment: SUBSTRATE_TOKEN)",
        HelpName = "TOKEN",
        Recursive = true,
    };

    private static readonly Option<string> Authority = new("--ca")
    {
        Description = "PEM file that the server's certificate must come from",
        HelpName = "FILE",
        Recursive = true,
    };

    private static readonly Option<bool> Insecure = new("--insecure")
    {
        Description = "Accept any certificate, also beyond this machine",
        Recursive = true,
    };

    private static readonly Option<TimeSpan> Timeout = Durations.Option("--timeout", "Longest wait for one answer", TimeSpan.FromSeconds(60), recursive: true);

    /// <summary>Adds them to a verb and those below it.</summary>
    public static void AddTo(Command verb)
    {
        verb.Options.Add(Address);
        verb.Options.Add(Token);
        verb.Options.Add(Authority);
        verb.Options.Add(Insecure);
        verb.Options.Add(Timeout);
    }

    public static Endpoint EndpointOf(ParseResult parsed) => Endpoint.Parse(
        parsed.GetValue(Address) ?? Endpoint.Default,
        parsed.GetValue(Token) ?? Environment.GetEnvironmentVariable("SUBSTRATE_TOKEN"),
        parsed.GetValue(Authority),
        parsed.GetValue(Insecure),
        parsed.GetValue(Timeout) is { Ticks: > 0 } timeout ? timeout : TimeSpan.FromSeconds(60));

    public static ApiClient Connect(ParseResult parsed) => new(EndpointOf(parsed), TimeProvider.System);
}
