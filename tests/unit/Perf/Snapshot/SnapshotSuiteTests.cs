using Substrate.Perf.Rounds;
using Substrate.Perf.Snapshot;

namespace Substrate.Perf.UnitTests.Snapshot;

public sealed class SnapshotSuiteTests
{
    [Fact]
    public void Rows_OfAResult_HaveTheAgreedNames()
    {
        var packing = new RoundResults();
        packing.Add("copy and hash", new Dictionary<string, double> { ["mb_s"] = 2000 });
        var waking = new RoundResults();
        foreach (var actor in (string[])["counter", "cpython"])
        {
            packing.Add(actor, new Dictionary<string, double> { ["encode_mb_s"] = 900, ["decode_mb_s"] = 1200, ["stored_ratio"] = 0.01, ["raw_bytes"] = 1e8 });
            waking.Add($"{actor} paused", new Dictionary<string, double> { ["ms"] = 100 });
            waking.Add($"{actor} suspended, node cache", new Dictionary<string, double> { ["ms"] = 110 });
            waking.Add($"{actor} suspended, store", new Dictionary<string, double> { ["ms"] = 150 });
        }

        var rows = SnapshotSuite.Result(packing, waking).Rows;

        Assert.Equal(
            [
                "counter/stored_ratio=0.01", "counter/encode_mb_s=900", "counter/decode_mb_s=1200", "counter/copy_mb_s=2000",
                "counter/paused_ms_p50=100", "counter/cached_ratio_to_paused=1.1", "counter/store_ratio_to_paused=1.5",
                "cpython/stored_ratio=0.01", "cpython/encode_mb_s=900", "cpython/decode_mb_s=1200", "cpython/copy_mb_s=2000",
                "cpython/paused_ms_p50=100", "cpython/cached_ratio_to_paused=1.1", "cpython/store_ratio_to_paused=1.5",
            ],
            rows.Select(static r => FormattableString.Invariant($"{r.Case}/{r.Metric}={r.Value}")));
    }
}
