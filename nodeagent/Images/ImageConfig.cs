using System.Collections.Immutable;

namespace Substrate.NodeAgent.Images;

/// <summary>What an image says about the process to run in it; its user resolved to numbers.</summary>
internal sealed record ImageConfig
{
    public ImmutableArray<string> Entrypoint { get; init; } = [];

    public ImmutableArray<string> Cmd { get; init; } = [];

    /// <summary><c>NAME=value</c> pairs.</summary>
    public ImmutableArray<string> Env { get; init; } = [];

    /// <summary>Absolute path in the image.</summary>
    public string WorkingDir { get; init; } = "/";

    public uint Uid { get; init; }

    public uint Gid { get; init; }

    /// <summary>Groups the user is in besides <see cref="Gid"/>.</summary>
    public ImmutableArray<uint> AdditionalGids { get; init; } = [];

    /// <summary>TCP ports that the image says it serves on, ascending.</summary>
    public ImmutableArray<int> ExposedPorts { get; init; } = [];
}
