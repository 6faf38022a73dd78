namespace Substrate.Perf.Rounds;

/// <summary>
/// Measures contenders in turns, many times, so that whatever else the machine does falls on all of them. Who begins changes with each round.
/// </summary>
internal sealed class Interleaved(RoundPlan plan, Action<string> tell, TimeProvider time)
{
    private const int TellEvery = 5;

    /// <summary>Runs the rounds.</summary>
    /// <returns>Samples by contender and metric; the i-th sample of each comes from the same round.</returns>
    public async Task<RoundResults> RunAsync(IReadOnlyList<IContender> contenders, CancellationToken cancellationToken)
    {
        var results = new RoundResults();
        var started = time.GetTimestamp();
        for (var round = -plan.WarmUp; round < 0 || plan.GoesOn(round, time.GetElapsedTime(started)); round++)
        {
            for (var i = 0; i < contenders.Count; i++)
            {
                var contender = contenders[(i + round + plan.WarmUp) % contenders.Count];
                var values = await contender.MeasureAsync(cancellationToken);
                if (round >= 0)
                {
                    results.Add(contender.Name, values);
                }
            }

            if (round >= 0 && ((round + 1) % TellEvery == 0 || round + 1 == plan.Count))
            {
                tell($"{round + 1}/{plan.Count}: {results.LastOf(contenders)}");
            }
        }

        return results;
    }
}
