using Substrate.Perf.Load;

namespace Substrate.Perf.Density;

/// <summary>What one case came to.</summary>
/// <param name="Case">The case.</param>
/// <param name="Load">What callers saw.</param>
/// <param name="Evictions">Actors put away to make room, warm-up included.</param>
/// <param name="MemoryBytes">Memory of the whole machine that was in use at most, above what was in use before.</param>
/// <param name="LiveActors">Slots in use, on average.</param>
internal sealed record DensityOutcome(DensityCase Case, LoadReport Load, double Evictions, double MemoryBytes, double LiveActors);
