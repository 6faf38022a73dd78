using Substrate.Perf.Commands;

namespace Substrate.Perf.Activation;

/// <summary>
/// The yardstick: <c>runsc restore --detach</c> of a snapshot into a sandbox created before, timed from the command's start to its end.
/// Nothing of Substrate takes part.
/// </summary>
internal sealed class RawRestore(RawRestoreInputs inputs, TimeProvider time) : IAsyncDisposable
{
    private const string Id = "raw";

    private readonly RawNetwork _network = new($"sbench-{Environment.ProcessId}", Path.Combine(inputs.Work, "net.log"));
    private readonly string _bundle = Path.Combine(inputs.Work, "bundle");
    private bool _created;

    // The flags that the node agent uses.
    private string[] Command(params string[] arguments) =>
    [
        inputs.Runsc, "--platform=systrap", "--network=sandbox", "--overlay2=root:memory", "--net-disconnect-ok",
        $"--root={Path.Combine(inputs.Work, "runsc")}", .. arguments,
    ];

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var identity = Path.Combine(inputs.Work, "identity");
        Directory.CreateDirectory(identity);
        Directory.CreateDirectory(_bundle);
        await File.WriteAllTextAsync(Path.Combine(identity, "actor-id"), Id, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(identity, "atespace"), Id, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_bundle, "config.json"), inputs.ConfigFor(_network.Path, identity), cancellationToken);
        await _network.CreateAsync(cancellationToken);
    }

    /// <summary>Creates the sandbox that the next <see cref="RestoreAsync"/> uses; not timed.</summary>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        await _network.PrepareAsync(cancellationToken);
        _created = true;
        await Tool.RunAsync(Log("create"), cancellationToken, Command("create", "--bundle", _bundle, Id));
    }

    /// <summary>The restore itself.</summary>
    public async Task<TimeSpan> RestoreAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        await Tool.RunAsync(Log("restore"), cancellationToken, Command("restore", "--detach", "--image-path", inputs.Snapshot, Id));
        return time.GetElapsedTime(started);
    }

    /// <summary>Removes the sandbox; not timed.</summary>
    public async Task RemoveAsync()
    {
        if (_created)
        {
            await Tool.RunAsync(Log("delete"), CancellationToken.None, Command("delete", "--force", Id));
            _created = false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await RemoveAsync();
        await _network.DestroyAsync();
        foreach (var hierarchy in Directory.GetDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup"))
        {
            // Made by runsc as the parent of the sandbox's own cgroup, which it removed itself.
            var parent = Path.Combine(hierarchy, "substrate-bench");
            if (Directory.Exists(parent))
            {
                Directory.Delete(parent);
            }
        }
    }

    private string Log(string step) => Path.Combine(inputs.Work, step + ".log");
}
