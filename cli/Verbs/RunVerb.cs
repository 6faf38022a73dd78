using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Substrate.Cli.Output;
using Substrate.Cli.Standalone;
using Substrate.NodeAgent;
using Substrate.Proxy;
using Substrate.Scheduler;

namespace Substrate.Cli.Verbs;

/// <summary><c>run</c>: one role alone, for an installation of several machines.</summary>
internal static class RunVerb
{
    // What keeps a role from starting is said once, by this program.
    private static readonly Dictionary<string, string?> Quiet = new() { ["Logging:LogLevel:Microsoft.Extensions.Hosting"] = "Critical" };

    public static Command Create() => new Verb("run", "Run one role alone, for an installation of several machines")
    {
        Subcommands =
        {
            Role("proxy", "Run the proxy: the request path", "--Proxy:Listen=http://0.0.0.0:8000", static args => ProxyHost.Create(args, Quiet), needsNode: false),
            Role("scheduler", "Run the scheduler: background work and the admin API", "--Scheduler:DataDirectory=/var/lib/substrate/scheduler", static args => SchedulerHost.Create(args, Quiet), needsNode: false),
            Role("nodeagent", "Run the node agent: the sandboxes of this machine", "--Node:Id=worker-1", static args => NodeAgentHost.Create(args, Quiet), needsNode: true),
        },
        Examples = ["substrate run proxy --Redis:ConnectionString=10.0.0.5:6379", "sudo substrate run nodeagent --Redis:ConnectionString=10.0.0.5:6379 --Node:Id=worker-1"],
    };

    private static Verb Role(string name, string description, string example, Func<string[], WebApplication> create, bool needsNode)
    {
        var verb = new Verb(name, description)
        {
            TreatUnmatchedTokensAsErrors = false,
            Notes = "Options are configuration: --Section:Key=value, or SUBSTRATE_Section__Key=value in the environment.",
            Examples = [$"substrate run {name} --Redis:ConnectionString=10.0.0.5:6379 {example}"],
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            if (needsNode)
            {
                new Preflight(new ThisMachine()).RequireRoot($"run {name}");
                Preflight.EnterMountNamespace();
            }

            try
            {
                await using var app = create([.. parsed.UnmatchedTokens]);
                await app.RunAsync(cancellationToken);
                return ExitCode.Ok;
            }
            catch (Exception failure) when (StartFailures.Explains(failure) is { } why)
            {
                throw new CommandFailure($"the {name} cannot run: {why}", null, ExitCode.Failed, failure);
            }
        });
        return verb;
    }
}
