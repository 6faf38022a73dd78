using Substrate.Perf.Rounds;

namespace Substrate.Perf.Control;

/// <summary>Latencies with few actors and with many.</summary>
internal sealed record Scaling(Samples Few, Samples Many)
{
    public double Ratio => Many.Median / Few.Median;
}

/// <summary>All that the suite found out.</summary>
internal sealed record ControlFindings
{
    public required ControlMeasure Most { get; init; }

    /// <summary>At 70 % of the most.</summary>
    public required ControlMeasure Steady { get; init; }

    /// <summary>While the scheduler is killed every five seconds.</summary>
    public required ControlMeasure Killed { get; init; }

    public required int Few { get; init; }

    public required int Many { get; init; }

    public required double BytesPerActor { get; init; }

    public required Scaling Activation { get; init; }

    public required Scaling Get { get; init; }

    public required Scaling List { get; init; }

    public required Samples Placement { get; init; }
}
