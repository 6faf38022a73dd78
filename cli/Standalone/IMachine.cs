namespace Substrate.Cli.Standalone;

/// <summary>What the checks before a start ask of the machine.</summary>
internal interface IMachine
{
    bool IsRoot { get; }

    /// <summary>Path of a command; null when there is none.</summary>
    string? Find(string command);

    /// <summary>First line that <c>PATH --version</c> prints; null when it cannot be run.</summary>
    string? VersionOf(string path);

    /// <summary>True when 127.0.0.1:PORT can be listened on.</summary>
    bool IsFree(int port);
}
