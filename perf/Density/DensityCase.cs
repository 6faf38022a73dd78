using System.Globalization;
using Substrate.Perf.Load;

namespace Substrate.Perf.Density;

/// <summary>So many actors on so few slots.</summary>
internal sealed record DensityCase(string Name, int Actors, int Slots)
{
    /// <summary>The published peer's numbers for this case, as ranges of its own runs on two cores.</summary>
    public required string Peer { get; init; }

    public IReadOnlyList<string> Names => [.. Enumerable.Range(1, Actors).Select(static i => string.Create(CultureInfo.InvariantCulture, $"d-{i:0000}"))];

    /// <summary>Visits of three requests, half a second apart on average.</summary>
    public LoadPlan Plan(Uri ingress, string atespace, TimeSpan warmUp, TimeSpan counted) => new()
    {
        Target = ingress,
        Atespace = atespace,
        Actors = Names,
        Rate = 10,
        Zipf = 1.1,
        Turns = 3,
        Think = TimeSpan.FromMilliseconds(500),
        WarmUp = warmUp,
        Duration = warmUp + counted,
    };
}
