using Substrate.Cli.Output;

namespace Substrate.Cli.Benchmarks;

/// <summary>What <c>bench activation</c> measured.</summary>
/// <param name="Raw">The runtime's own restore of the same snapshot into a pre-created sandbox.</param>
/// <param name="Proxy">A request to the paused actor, until its first byte.</param>
internal sealed record ActivationResult(Samples Raw, Samples Proxy)
{
    private static readonly int[] Percents = [50, 95, 99];

    public IReadOnlyList<BenchRow> Rows()
    {
        var rows = new List<BenchRow>();
        rows.AddRange(Percents.Select(p => Row($"raw_restore_ms_p{p}", "ms", Raw.Percentile(p))));
        rows.AddRange(Percents.Select(p => Row($"proxy_ms_p{p}", "ms", Proxy.Percentile(p))));
        rows.AddRange(Percents.Select(p => Row($"proxy_ratio_p{p}", "ratio", Ratio(p))));
        return rows;
    }

    public Listing Table()
    {
        var table = new Listing("CASE", "P50", "P95", "P99", "SAMPLES");
        table.Add("runsc restore", Ms(Raw, 50), Ms(Raw, 95), Ms(Raw, 99), $"{Raw.Count}");
        table.Add("through the proxy", Ms(Proxy, 50), Ms(Proxy, 95), Ms(Proxy, 99), $"{Proxy.Count}");
        table.Add("ratio", Times(50), Times(95), Times(99), "");
        return table;
    }

    private double Ratio(int percent) => Math.Round(Proxy.Percentile(percent) / Raw.Percentile(percent), 3);

    private string Times(int percent) => FormattableString.Invariant($"{Ratio(percent):0.00} x");

    private static string Ms(Samples samples, int percent) => FormattableString.Invariant($"{samples.Percentile(percent):0.0} ms");

    private static BenchRow Row(string metric, string unit, double value) => new("activation", "paused", metric, unit, Math.Round(value, 3));
}
