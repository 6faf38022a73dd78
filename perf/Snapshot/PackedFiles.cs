using Substrate.NodeAgent.Snapshots;
using Substrate.NodeAgent.Snapshots.Packing;
using Substrate.Perf.Rounds;

namespace Substrate.Perf.Snapshot;

/// <summary>Packs and unpacks the files of one snapshot against another, on one thread, as the node does.</summary>
/// <param name="name">Case.</param>
/// <param name="actor">Directory of the actor's snapshot.</param>
/// <param name="golden">Directory of the golden snapshot; null to pack whole.</param>
/// <param name="work">An empty directory.</param>
/// <param name="time">The clock.</param>
internal sealed class PackedFiles(string name, string actor, string? golden, string work, TimeProvider time) : IContender
{
    public string Name => name;

    public async Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken)
    {
        var (encode, decode) = (TimeSpan.Zero, TimeSpan.Zero);
        var (raw, stored) = (0L, 0L);
        foreach (var source in Directory.EnumerateFiles(actor, "*.img"))
        {
            var file = Path.GetFileName(source);
            var basis = golden is null ? null : Path.Combine(golden, file);
            var packed = Path.Combine(work, file + ".packed");
            var unpacked = Path.Combine(work, file);
            File.Delete(packed);
            File.Delete(unpacked);
            var expected = new SnapshotFile(file, new FileInfo(source).Length, RawHash.OfFile(source, cancellationToken), 0, SnapshotEncoding.None);

            var start = time.GetTimestamp();
            var result = FilePacker.Pack(source, basis, packed, expected, null, cancellationToken);
            encode += time.GetElapsedTime(start);

            start = time.GetTimestamp();
            await using (var input = File.OpenRead(packed))
            {
                await FileUnpacker.UnpackAsync(input, basis, unpacked, result, null, cancellationToken);
            }

            decode += time.GetElapsedTime(start);
            raw += result.RawBytes;
            stored += result.StoredBytes;
        }

        return new Dictionary<string, double>
        {
            ["encode_mb_s"] = raw / 1e6 / encode.TotalSeconds,
            ["decode_mb_s"] = raw / 1e6 / decode.TotalSeconds,
            ["stored_ratio"] = (double)stored / raw,
            ["raw_bytes"] = raw,
        };
    }
}
