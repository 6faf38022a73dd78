using Substrate.Perf.Installations;
using Substrate.Perf.Load;

namespace Substrate.Perf.Suites;

/// <summary>What a suite is given.</summary>
/// <param name="Quick">Measure less, within <see cref="QuickLimit"/>.</param>
/// <param name="Rounds">Rounds that were asked for; the suite's own number otherwise.</param>
/// <param name="Home">The checkout: images, manifests and scripts are found from here.</param>
/// <param name="Installations">Starts installations of Substrate with a directory and ports of their own.</param>
/// <param name="Load">Sends a load from a process of its own, as from another machine, and gives its report.</param>
/// <param name="Tell">Progress: one line that appears at once.</param>
/// <param name="Time">The clock.</param>
internal sealed record SuiteContext(bool Quick, int Rounds, string Home, IInstallations Installations, ILoadGenerator Load, Action<string> Tell, TimeProvider Time)
{
    /// <summary>Bound of <c>--quick</c>.</summary>
    public static readonly TimeSpan QuickLimit = TimeSpan.FromMinutes(2);
}
