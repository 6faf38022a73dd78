using System.Text.Json;
using Substrate.Perf.Activation;
using Substrate.Perf.Rounds;
using Substrate.Perf.Suites;

namespace Substrate.Perf.UnitTests.Activation;

public sealed class ActivationSuiteTests
{
    [Fact]
    public void Rows_OfAResult_HaveTheAgreedNames()
    {
        var result = ActivationSuite.Result(new Samples([50]), new Samples([75]));

        using var json = JsonDocument.Parse(BenchRow.ToJson(result.Rows));

        Assert.Equal(
            [
                "activation/paused/raw_restore_ms_p50/ms=50", "activation/paused/raw_restore_ms_p95/ms=50", "activation/paused/raw_restore_ms_p99/ms=50",
                "activation/paused/proxy_ms_p50/ms=75", "activation/paused/proxy_ms_p95/ms=75", "activation/paused/proxy_ms_p99/ms=75",
                "activation/paused/proxy_ratio_p50/ratio=1.5", "activation/paused/proxy_ratio_p95/ratio=1.5", "activation/paused/proxy_ratio_p99/ratio=1.5",
            ],
            json.RootElement.EnumerateArray().Select(static r =>
                $"{r.GetProperty("bench").GetString()}/{r.GetProperty("case").GetString()}/{r.GetProperty("metric").GetString()}/{r.GetProperty("unit").GetString()}={r.GetProperty("value").GetRawText()}"));
    }
}
