namespace Substrate.Perf.Rounds;

/// <summary>How many rounds, and for how long at most.</summary>
/// <param name="WarmUp">Rounds before those that count: files get into the page cache, code is compiled.</param>
/// <param name="Count">Rounds that count.</param>
/// <param name="Budget">Time after which no further round begins, once there are <see cref="Least"/>.</param>
internal sealed record RoundPlan(int WarmUp, int Count, TimeSpan Budget)
{
    /// <summary>Fewer rounds than these have no spread worth the name.</summary>
    public const int Least = 3;

    /// <summary>Whether another round begins.</summary>
    public bool GoesOn(int counted, TimeSpan spent) => counted < Count && (spent < Budget || counted < Math.Min(Least, Count));
}
