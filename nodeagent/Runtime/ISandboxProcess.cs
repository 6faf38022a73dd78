namespace Substrate.NodeAgent.Runtime;

/// <summary>The process of a sandbox, whose end is seen at once.</summary>
internal interface ISandboxProcess
{
    int Pid { get; }

    /// <summary>Ends at the moment the process does.</summary>
    Task Ended { get; }

    /// <summary>How it ended, in words; known a moment after its end.</summary>
    Task<string> Cause { get; }

    /// <summary>Ends the process at once, even a frozen one: it does not run one instruction more.</summary>
    void Kill();
}
