using Substrate.NodeAgent.Images;
using Substrate.State.Templates;

namespace Substrate.NodeAgent.Runtime;

/// <summary>What a sandbox is created from.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Directory">Directory of its own, which exists.</param>
/// <param name="Template">What its process is.</param>
/// <param name="Image">The unpacked image.</param>
/// <param name="Identity">Directory that the process sees as its identity.</param>
/// <param name="ResolvConf">File that the process sees as its resolver's configuration.</param>
/// <param name="NetworkNamespace">Where its network is.</param>
/// <param name="Cgroup">Path of its cgroup below each hierarchy.</param>
/// <param name="PidFile">File that receives the pid of the sandbox process.</param>
/// <param name="Output">File that the process's output is appended to.</param>
internal sealed record SandboxOrder(
    string Id,
    string Directory,
    TemplateSpec Template,
    UnpackedImage Image,
    string Identity,
    string ResolvConf,
    string NetworkNamespace,
    string Cgroup,
    string PidFile,
    string Output);

/// <summary>What runs sandboxes: gVisor, or a simulation of it.</summary>
internal interface ISandboxRuntime
{
    /// <summary>The runtime's version.</summary>
    /// <exception cref="RunscException">It is missing, or too old.</exception>
    Task<string> VersionAsync(CancellationToken cancellationToken);

    /// <summary>Creates a sandbox that waits for <see cref="StartAsync"/> or <see cref="RestoreAsync"/>.</summary>
    /// <exception cref="RunscException">The runtime refused.</exception>
    Task CreateAsync(SandboxOrder order, CancellationToken cancellationToken);

    /// <summary>Prepares a created sandbox so that <see cref="RestoreAsync"/> has less left to do; everything else works as without.</summary>
    void Arm(string id);

    /// <summary>Starts the process of a created sandbox afresh.</summary>
    Task StartAsync(string id, CancellationToken cancellationToken);

    /// <summary>Restores a created sandbox from the checkpoint in <paramref name="image"/> and leaves it running.</summary>
    Task RestoreAsync(string id, string image, CancellationToken cancellationToken);

    /// <summary>Writes a checkpoint into <paramref name="image"/> and ends the sandbox. When it fails the sandbox runs on.</summary>
    Task CheckpointAsync(string id, string image, CancellationToken cancellationToken);

    /// <summary>Writes a checkpoint of which an agent that starts after this one was killed can tell what came of it. Ends the sandbox; when it fails the sandbox runs on.</summary>
    Task CheckpointAsync(string id, CheckpointDirectory target, CancellationToken cancellationToken);

    /// <summary>Ends a sandbox in whatever state it is and removes what the runtime keeps of it. Removing one that is gone is no error.</summary>
    Task DeleteAsync(string id, CancellationToken cancellationToken);

    /// <summary>Ids of all sandboxes that the runtime knows.</summary>
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The process of a sandbox; one that is gone already counts as ended now.</summary>
    ISandboxProcess Watch(int pid);
}
