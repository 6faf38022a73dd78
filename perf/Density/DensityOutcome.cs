using Substrate.Perf.Load;

namespace Substrate.Perf.Density;

/// <summary>What one case came to.</summary>
/// <param name="Case">The case.</param>
/// <param name="Load">What callers saw.</param>
/// <param name="Activations">Actors brought up, warm-up included.</param>
/// <param name="Evictions">Actors put away to make room, warm-up included.</param>
/// <param name="MemoryBytes">Memory of the whole machine that was in use at most, above what was in use before.</param>
/// <param name="LiveActors">Slots in use, on average.</param>
/// <param name="CpuSeconds">CPU time of the whole machine meanwhile, the generator's and the requests' included.</param>
/// <param name="CpuShare">The same as a share of all there was.</param>
internal sealed record DensityOutcome(DensityCase Case, LoadReport Load, double Activations, double Evictions, double MemoryBytes, double LiveActors, double CpuSeconds, double CpuShare);
