using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Grpc.Core;
using Substrate.Cli.Connection;
using Substrate.Cli.Output;

namespace Substrate.Cli.Verbs;

/// <summary>The tree of verbs, and how a command line becomes an exit code.</summary>
internal static class CommandTree
{
    public static RootCommand Build()
    {
        var root = new RootCommand("Runs many stateful actors on few machines: suspended when idle, back on the next request.");
        foreach (var verb in (Command[])
        [
            UpVerb.Create(), DownVerb.Create(), StatusVerb.Create(),
            ApplyVerb.Create(), GetVerb.Create(), DescribeVerb.Create(), LogsVerb.Create(), FindVerb.Create(), WatchVerb.Create(), ExplainVerb.Create(), TopVerb.Create(),
            CreateVerb.Create(), .. MoveVerbs.Create(), .. NodeVerbs.Create(), DeleteVerb.Create(), SetVerb.Create(), LabelVerb.Create(),
            DemoVerb.Create(), BenchVerb.Create(), LoadVerb.Create(), RunVerb.Create(), CompletionVerb.Create(), VersionVerb.Create(),
        ])
        {
            root.Subcommands.Add(verb);
        }

        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        var screen = new Screen(output, error, interactive: false);
        var parsed = Build().Parse(args.Count == 0 ? ["--help"] : args);
        if (parsed.Action is ParseErrorAction)
        {
            return Misused(parsed, screen);
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null, // Verbs that have something to finish listen to signals themselves.
            });
        }
        catch (CommandFailure failure)
        {
            screen.Fail(failure);
            return failure.ExitCode;
        }
        catch (RpcException failure)
        {
            var told = Failures.Of(failure, ConnectionOptions.EndpointOf(parsed));
            screen.Fail(told);
            return told.ExitCode;
        }
        catch (OperationCanceledException)
        {
            screen.Fail(new CommandFailure("interrupted"));
            return ExitCode.Interrupted;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            screen.Fail(new CommandFailure(failure.Message));
            return ExitCode.Failed;
        }
    }

    /// <summary>The screen of a verb; live output only where a person watches.</summary>
    public static Screen ScreenOf(ParseResult parsed)
    {
        var configuration = parsed.InvocationConfiguration;
        var interactive = ReferenceEquals(configuration.Output, Console.Out) && !Console.IsOutputRedirected;
        return new Screen(configuration.Output, configuration.Error, interactive);
    }

    private static int Misused(ParseResult parsed, Screen screen)
    {
        var path = new List<string>();
        for (SymbolResultWalk walk = new(parsed); walk.Current is { } name; walk.Up())
        {
            path.Insert(0, name);
        }

        var message = string.Join("; ", parsed.Errors.Select(static e => e.Message.TrimEnd('.')).Distinct());
        screen.Fail(new CommandFailure(message, $"See '{string.Join(' ', path)} --help'."));
        return ExitCode.Usage;
    }
}
