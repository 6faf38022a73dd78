namespace Substrate.Perf.Suites;

/// <summary>A set of measurements that belong together: <c>./substrate bench NAME</c>.</summary>
internal interface ISuite
{
    /// <summary>The verb, and the name of its files in <c>perf/results/</c>.</summary>
    string Name { get; }

    /// <summary>One line for <c>--help</c>: what is compared with what.</summary>
    string Summary { get; }

    /// <summary>Rounds of a full run and of a quick one; null for suites that are not made of rounds.</summary>
    (int Full, int Quick)? Rounds { get; }

    /// <summary>Longest time that a full run takes on the machine it was made for. A quick one takes at most <see cref="SuiteContext.QuickLimit"/>.</summary>
    TimeSpan Limit { get; }

    /// <summary>Measures.</summary>
    /// <exception cref="BenchException">An answer was wrong, or something needed is missing: there is no result then.</exception>
    Task<SuiteResult> RunAsync(SuiteContext context, CancellationToken cancellationToken);
}
