using Substrate.Perf.Proxy;
using Substrate.Perf.Rounds;
using Substrate.Perf.Suites;

namespace Substrate.Perf.UnitTests.Proxy;

public sealed class H2LoadTests
{
    private static readonly ProxyCase Small = new(Http2: false, Connections: 32, Large: false);

    [Fact]
    public void Read_OutputOfH2load_TakesRateAndPercentiles()
    {
        var load = H2Load.Read(Said(succeeded: 4, bytes: 240), ["1\t200\t1000", "2\t200\t3000", "3\t200\t2000", "4\t200\t9000"], Small, 4);
        Assert.Equal((41234.5, 2.0, 9.0, 4), (load.PerSecond, load.P50, load.P99, load.Requests));
    }

    [Theory]
    [InlineData(3, 180)]
    [InlineData(4, 239)]
    public void Read_WrongAnswers_AreNoResult(int succeeded, int bytes) =>
        Assert.Throws<BenchException>(() => H2Load.Read(Said(succeeded, bytes), ["1\t200\t1000"], Small, 4));

    [Fact]
    public void Rows_OfAResult_HaveTheAgreedNames()
    {
        var results = new RoundResults();
        foreach (var (name, cpu) in new[] { (Servers.Backend, 1.0), (Servers.Nginx, 10), (Servers.HaProxy, 11), (Servers.Yarp, 20), (Servers.Substrate, 21) })
        {
            results.Add(name, new Dictionary<string, double> { ["rps"] = 1000 / cpu, ["cpu_us_per_request"] = cpu, ["p50_ms"] = 1, ["p99_ms"] = 2 });
        }

        var tuned = new RoundResults();
        foreach (var name in RuntimeSettings.All.Keys)
        {
            tuned.Add(name, new Dictionary<string, double> { ["rps"] = 1, ["cpu_us_per_request"] = 20 });
        }

        var rows = ProxyReport.Of([(Small, results)], new Dictionary<string, double> { ["held-request"] = 8_000 }, tuned).Rows;
        Assert.Equal(
            ["rps", "cpu_us_per_request", "p99_ms", "cpu_ratio_to_yarp", "rps_ratio_to_yarp", "p99_ratio_to_yarp", "cpu_ratio_to_nginx"],
            rows.Where(static r => r.Case == "h1-32-small").Select(static r => r.Metric));
        Assert.Equal(1.05, rows.Single(static r => r.Metric == "cpu_ratio_to_yarp").Value);
        Assert.Equal(8_000, rows.Single(static r => r.Case == "held-request").Value);
        Assert.Equal(["h1-32-small", "h1-256-small", "h2-32-small"], ProxyCase.All.Take(3).Select(static c => c.Name));
    }

    private static string Said(int succeeded, int bytes) =>
        $"finished in 97.01us, 41234.5 req/s, 3.40MB/s\nrequests: 4 total, 4 started, 4 done, {succeeded} succeeded, 0 failed, 0 errored, 0 timeout\n"
        + $"status codes: {succeeded} 2xx, 0 3xx, 0 4xx, 0 5xx\ntraffic: 1.00KB ({bytes + 400}) total, 400B (400) headers (space savings 0.00%), 240B ({bytes}) data\n";
}
