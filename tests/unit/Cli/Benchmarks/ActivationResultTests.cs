using System.Text.Json;
using Substrate.Cli.Benchmarks;

namespace Substrate.Cli.UnitTests.Benchmarks;

public sealed class ActivationResultTests
{
    [Fact]
    public void Rows_OfAResult_HaveTheAgreedNames()
    {
        var result = new ActivationResult(new Samples(), new Samples());
        result.Raw.Add(TimeSpan.FromMilliseconds(50));
        result.Proxy.Add(TimeSpan.FromMilliseconds(75));

        using var json = JsonDocument.Parse(BenchRow.ToJson(result.Rows()));

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
