using System.Collections.Immutable;

namespace Substrate.NodeAgent.Commands;

/// <summary>One external command to run. No shell interprets anything in it.</summary>
/// <param name="File">Program, by path or by name in PATH.</param>
/// <param name="Arguments">Arguments, each handed over as it is.</param>
internal sealed record Command(string File, ImmutableArray<string> Arguments)
{
    /// <summary>Text for its standard input; null gives it an empty one.</summary>
    public string? Input { get; init; }

    /// <summary>How long it may take before it is killed.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// File that standard output is appended to (O_APPEND, made when missing; <c>/dev/null</c> discards) instead of being captured.
    /// A command that leaves a process behind needs this and <see cref="ErrorFile"/>: the one left behind keeps a captured stream open.
    /// </summary>
    public string? OutputFile { get; init; }

    /// <summary>File that standard error is appended to; may be the same as <see cref="OutputFile"/>.</summary>
    public string? ErrorFile { get; init; }

    /// <summary>Environment variables set in addition to this process's own.</summary>
    public ImmutableDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;
}
