using Substrate.Perf.Activation;
using Substrate.Perf.Control;
using Substrate.Perf.Density;
using Substrate.Perf.Proxy;
using Substrate.Perf.Snapshot;

namespace Substrate.Perf.Suites;

/// <summary>Every suite there is, in the order of <c>bench all</c>.</summary>
internal static class SuiteCatalog
{
    public static IReadOnlyList<ISuite> All { get; } =
    [
        new ActivationSuite(),
        new ProxySuite(),
        new ControlSuite(),
        new DensitySuite(),
        new SnapshotSuite(),
    ];
}
