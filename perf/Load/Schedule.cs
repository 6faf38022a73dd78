namespace Substrate.Perf.Load;

/// <summary>A request that is due.</summary>
/// <param name="At">When, from the start.</param>
/// <param name="Actor">Index of the actor.</param>
internal readonly record struct Due(TimeSpan At, int Actor);

/// <summary>
/// When which actor is asked: visits at random times (a Poisson process), each of some requests with think time between them. It is fixed by
/// the plan alone: an answer that is late delays nothing, so no slowness hides itself.
/// </summary>
internal static class Schedule
{
    /// <summary>The requests in the order in which they are due.</summary>
    public static IEnumerable<Due> Of(LoadPlan plan)
    {
        var random = new Random(plan.Seed);
        var zipf = new Zipf(plan.Actors.Count, plan.Zipf, random);
        var later = new PriorityQueue<(Due Due, int Left), TimeSpan>();
        var visit = TimeSpan.Zero;
        while (true)
        {
            visit += Exponential(random, plan.Turns / plan.Rate);
            while (later.TryPeek(out _, out var at) && at <= visit)
            {
                var (due, left) = later.Dequeue();
                if (due.At >= plan.Duration)
                {
                    yield break;
                }

                yield return due;
                Continue(due, left);
            }

            if (visit >= plan.Duration)
            {
                // Nothing that is still to come is due in time: it would have come before this visit.
                yield break;
            }

            var first = new Due(visit, zipf.Next());
            yield return first;
            Continue(first, plan.Turns - 1);
        }

        void Continue(Due due, int left)
        {
            if (left > 0)
            {
                var next = due with { At = due.At + Exponential(random, plan.Think.TotalSeconds) };
                later.Enqueue((next, left - 1), next.At);
            }
        }
    }

    private static TimeSpan Exponential(Random random, double meanSeconds) => TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) * meanSeconds);
}
