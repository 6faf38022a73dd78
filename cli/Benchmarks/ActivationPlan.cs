namespace Substrate.Cli.Benchmarks;

/// <summary>How <c>bench activation</c> measures.</summary>
/// <param name="Cycles">Rounds; each has one raw restore and one request.</param>
/// <param name="Slots">Slots of the private instance.</param>
internal sealed record ActivationPlan(int Cycles, int Slots)
{
    /// <summary>Rounds before those that count: files get into the page cache, code is compiled.</summary>
    public const int WarmUp = 3;

    /// <summary>Pause before each measurement, in which sandboxes torn down earlier end and fresh ones are made, off both paths.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);
}
