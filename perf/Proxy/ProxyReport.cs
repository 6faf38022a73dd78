using Substrate.Perf.Charts;
using Substrate.Perf.Reports;
using Substrate.Perf.Rounds;
using Substrate.Perf.Suites;

namespace Substrate.Perf.Proxy;

/// <summary>Makes rows, tables and charts of what was measured.</summary>
internal static class ProxyReport
{
    public static SuiteResult Of(
        IReadOnlyList<(ProxyCase Case, RoundResults Results)> measured, IReadOnlyDictionary<string, double> footprint, RoundResults tuned) => new()
        {
            Rows =
        [
            .. measured.SelectMany(static m => Rows(m.Case, m.Results)),
            .. footprint.Select(static f => new BenchRow("proxy", f.Key, f.Key.StartsWith("stream", StringComparison.Ordinal) ? "grown_bytes" : "bytes_each", "bytes", Math.Round(f.Value))),
            .. RuntimeSettings.All.Keys.Select(name => new BenchRow("proxy", $"runtime-{name.Replace(' ', '-')}", "cpu_us_per_request", "us", Round(tuned[name, "cpu_us_per_request"].Median))),
        ],
            Tables =
        [
            .. measured.Select(static m => Table(m.Case, m.Results)),
            new("Memory of the proxy's own", ["FOR EACH", "BYTES"], [.. footprint.Select(static f => new[] { f.Key, FormattableString.Invariant($"{f.Value:#,0}") })]),
            new(
                "Settings of the runtime, h1-32-small",
                ["SETTING", "REQUESTS/S", "CPU PER REQUEST", "CPU OVER AS SHIPPED"],
                [
                    .. RuntimeSettings.All.Keys.Select(name => new[]
                    {
                        name, Cells.Spread(tuned[name, "rps"]), Cells.Spread(tuned[name, "cpu_us_per_request"], "µs"),
                        Cells.Spread(tuned[name, "cpu_us_per_request"].Over(tuned[RuntimeSettings.Shipped, "cpu_us_per_request"])),
                    }),
                ]),
        ],
            Charts =
        [
            Chart("cpu", "Processor time of the proxy per request", "µs", measured, "cpu_us_per_request"),
            Chart("rps", "Requests per second", "1/s", measured, "rps"),
            Chart("p99", "99th percentile", "ms", measured, "p99_ms"),
        ],
            Notes =
        [
            "Load, proxy, backend and store share the machine; every contender is a process of its own before the same nginx, which serves HTTP/1.1.",
            "Closed loop: each connection has one request under way, so a slower server is asked less.",
            "Substrate tells the actor who it is and who asks by eight headers more than bare YARP sends.",
        ],
        };

    private static IEnumerable<BenchRow> Rows(ProxyCase load, RoundResults results)
    {
        var (substrate, yarp) = (Metric(results, Servers.Substrate), Metric(results, Servers.Yarp));
        yield return new("proxy", load.Name, "rps", "1/s", Round(substrate("rps").Median));
        yield return new("proxy", load.Name, "cpu_us_per_request", "us", Round(substrate("cpu_us_per_request").Median));
        yield return new("proxy", load.Name, "p99_ms", "ms", Round(substrate("p99_ms").Median));
        yield return new("proxy", load.Name, "cpu_ratio_to_yarp", "ratio", Round(substrate("cpu_us_per_request").Over(yarp("cpu_us_per_request")).Median));
        yield return new("proxy", load.Name, "rps_ratio_to_yarp", "ratio", Round(substrate("rps").Over(yarp("rps")).Median));
        yield return new("proxy", load.Name, "p99_ratio_to_yarp", "ratio", Round(substrate("p99_ms").Over(yarp("p99_ms")).Median));
        yield return new(
            "proxy", load.Name, "cpu_ratio_to_nginx", "ratio", Round(substrate("cpu_us_per_request").Over(results[Servers.Nginx, "cpu_us_per_request"]).Median));
    }

    private static ResultTable Table(ProxyCase load, RoundResults results)
    {
        var names = (load.Http2 ? [] : new[] { Servers.Backend }).Concat(ProxySuite.Contenders);
        return new(
            load.Name,
            ["SERVER", "REQUESTS/S", "P50", "P99", "CPU PER REQUEST", "CPU OVER BARE YARP"],
            [
                .. names.Select(name => new[]
                {
                    name, Cells.Spread(results[name, "rps"]), Cells.Ms(results[name, "p50_ms"].Median), Cells.Ms(results[name, "p99_ms"].Median),
                    Cells.Spread(results[name, "cpu_us_per_request"], "µs"),
                    name == Servers.Backend ? "" : Cells.Spread(results[name, "cpu_us_per_request"].Over(results[Servers.Yarp, "cpu_us_per_request"])),
                }),
            ]);
    }

    private static BarChart Chart(string name, string title, string unit, IReadOnlyList<(ProxyCase Case, RoundResults Results)> measured, string metric) => new(
        name,
        title,
        unit,
        [.. measured.Select(static m => m.Case.Name)],
        [.. ProxySuite.Contenders.Select(contender => new BarValues(
            contender, [.. measured.Select(m => m.Results[contender, metric].Median)], [.. measured.Select(m => m.Results[contender, metric].Spread)]))]);

    private static Func<string, Samples> Metric(RoundResults results, string contender) => metric => results[contender, metric];

    private static double Round(double value) => Math.Round(value, 3);
}
