namespace Substrate.Cli.Output;

/// <summary>How a command ended, as scripts see it.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The command was understood and did not succeed.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Nothing answers where the admin API is expected.</summary>
    public const int Unreachable = 3;

    /// <summary>Ended by Ctrl-C, as a shell reports it.</summary>
    public const int Interrupted = 130;
}
