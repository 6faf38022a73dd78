namespace Substrate.NodeAgent.Commands;

/// <summary>The short way to run a command whose output is captured.</summary>
internal static class CommandRuns
{
    public static Task<CommandResult> RunAsync(
        this ICommandRunner runner, string file, IEnumerable<string> arguments, TimeSpan timeout, CancellationToken cancellation) =>
        runner.RunAsync(file, arguments, input: null, timeout, cancellation);

    public static Task<CommandResult> RunAsync(
        this ICommandRunner runner, string file, IEnumerable<string> arguments, string? input, TimeSpan timeout, CancellationToken cancellation) =>
        runner.RunAsync(new Command(file, [.. arguments]) { Input = input, Timeout = timeout }, cancellation);
}
