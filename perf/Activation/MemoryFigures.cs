using Substrate.Perf.Installations;
using Substrate.Perf.Reports;
using Substrate.Perf.Suites;
using Substrate.State.Actors;

namespace Substrate.Perf.Activation;

/// <summary>Private bytes of sandboxes.</summary>
/// <param name="Warm">One that waits for an actor.</param>
/// <param name="Armed">The restore command that waits with it.</param>
/// <param name="Running">One with a counter that runs.</param>
/// <param name="Frozen">One with a counter that is frozen.</param>
internal sealed record MemoryFigures(long Warm, long Armed, long Running, long Frozen)
{
    private const long Gibibyte = 1L << 30;

    /// <summary>How many frozen counters fit in 1 GiB.</summary>
    public long FrozenPerGibibyte => Frozen > 0 ? Gibibyte / Frozen : 0;

    public static MemoryFigures Take(IInstallation installation, ActorKey running, ActorKey frozen)
    {
        var warm = SandboxFiles.Warm(installation);
        return warm.Count == 0
            ? throw new BenchException("no pre-created sandbox is ready")
            : new MemoryFigures(
                (long)warm.Average(static w => w.PrivateBytes),
                (long)warm.Average(static w => w.ArmedBytes()),
                SandboxFiles.Of(installation, running).PrivateBytes,
                SandboxFiles.Of(installation, frozen).PrivateBytes);
    }

    public IEnumerable<BenchRow> Rows() =>
    [
        new("activation", "memory", "warm_private_bytes", "bytes", Warm),
        new("activation", "memory", "armed_private_bytes", "bytes", Armed),
        new("activation", "memory", "running_private_bytes", "bytes", Running),
        new("activation", "memory", "frozen_private_bytes", "bytes", Frozen),
        new("activation", "memory", "frozen_per_gib", "count", FrozenPerGibibyte),
    ];

    public ResultTable Table() => new("Private memory of one sandbox", ["WHAT", "MIB"],
    [
        ["pre-created", Mebibytes(Warm)],
        ["its armed restore command", Mebibytes(Armed)],
        ["counter, running", Mebibytes(Running)],
        ["counter, frozen", Mebibytes(Frozen)],
        ["frozen counters in 1 GiB", $"{FrozenPerGibibyte}"],
    ]);

    private static string Mebibytes(long bytes) => FormattableString.Invariant($"{bytes / 1048576.0:0.0}");
}
