namespace Substrate.NodeAgent.Commands;

/// <summary>Runs external commands.</summary>
internal interface ICommandRunner
{
    /// <summary>
    /// Runs a command to its end. Failure of any kind is in the result; only a cancelled <paramref name="cancellation"/> throws,
    /// after the command was killed.
    /// </summary>
    Task<CommandResult> RunAsync(Command command, CancellationToken cancellation);
}
