using System.Buffers;
using System.IO.Hashing;

namespace Substrate.NodeAgent.Snapshots.Packing;

/// <summary>Packs one file of a snapshot into another file, hashing both sides, so that damage on this disk does not reach the store.</summary>
internal static class FilePacker
{
    // Pages of processes gain little beyond this, and packing competes with running actors for CPU.
    private const int Level = 1;

    /// <summary>Packs <paramref name="source"/> into the new file <paramref name="target"/>: against <paramref name="basis"/>, or whole where that is smaller.</summary>
    /// <param name="source">The file as the runtime wrote it.</param>
    /// <param name="basis">The file of that name of the base; null for none.</param>
    /// <param name="target">The new file.</param>
    /// <param name="expected">What the source is.</param>
    /// <param name="cipher">Makes a cipher for the file; null to leave it readable.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="InvalidDataException">The source is not what <paramref name="expected"/> says.</exception>
    public static SnapshotFile Pack(
        string source, string? basis, string target, SnapshotFile expected, Func<SegmentCipher>? cipher, CancellationToken cancellation)
    {
        var delta = basis is null ? SnapshotEncoding.Zstd : Against(expected.RawBytes, new FileInfo(basis).Length);
        var packed = Pack(source, basis, target, expected, delta, cipher, cancellation);
        if (delta == SnapshotEncoding.Zstd || packed.StoredBytes < packed.RawBytes / 2)
        {
            return packed;
        }

        // Hardly anything was found in the base, so being able to match within the file may be worth more.
        var other = target + ".whole";
        var whole = Pack(source, null, other, expected, SnapshotEncoding.Zstd, cipher, cancellation);
        var (smaller, larger) = whole.StoredBytes <= packed.StoredBytes ? (other, target) : (target, other);
        File.Delete(larger);
        File.Move(smaller, target, overwrite: true);
        return whole.StoredBytes <= packed.StoredBytes ? whole : packed;
    }

    private static SnapshotEncoding Against(long raw, long basis) =>
        raw % BasePages.PageBytes == 0 && basis >= BasePages.PageBytes ? SnapshotEncoding.Pages
        : Math.Max(raw, basis) <= PrefixedFile.MostBytes ? SnapshotEncoding.Prefix
        : SnapshotEncoding.Zstd;

    private static SnapshotFile Pack(
        string source, string? basis, string target, SnapshotFile expected, SnapshotEncoding encoding, Func<SegmentCipher>? cipher, CancellationToken cancellation)
    {
        using var file = new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 256 * 1024);
        using var stored = new StoredHash(file);
        using var sealing = cipher is null ? null : new SealingStream(stored, cipher());
        Stream sink = sealing ?? (Stream)stored;
        var hash = encoding switch
        {
            SnapshotEncoding.Pages => Pages(source, basis!, sink, cancellation),
            SnapshotEncoding.Prefix => Prefixed(source, basis!, sink),
            _ => Whole(source, sink, cancellation),
        };
        sealing?.Finish();
        stored.Flush();
        return hash == (expected.RawBytes, expected.Hash)
            ? expected with { StoredBytes = stored.Count, StoredHash = stored.Text, Encoding = encoding }
            : throw new InvalidDataException($"it has {hash.Bytes} bytes with hash {hash.Hash} instead of {expected.RawBytes} with {expected.Hash}");
    }

    private static (long Bytes, string Hash) Pages(string source, string basis, Stream sink, CancellationToken cancellation)
    {
        using var pages = new BasePages(File.OpenHandle(basis));
        using var delta = new PageDelta(pages, Level);
        return Read(source, (raw, _) => delta.Pack(raw, sink), cancellation);
    }

    private static (long Bytes, string Hash) Prefixed(string source, string basis, Stream sink)
    {
        var raw = File.ReadAllBytes(source);
        sink.Write(PrefixedFile.Pack(raw, File.ReadAllBytes(basis), Level));
        var hash = new XxHash128();
        hash.Append(raw);
        return (raw.Length, RawHash.Format(hash));
    }

    private static (long Bytes, string Hash) Whole(string source, Stream sink, CancellationToken cancellation)
    {
        using var compressor = WholeFile.Compressor(Level);
        var buffer = new byte[256 * 1024];
        var result = Read(source, (raw, _) => WholeFile.Pack(compressor, raw, last: false, sink, buffer), cancellation);
        WholeFile.Pack(compressor, [], last: true, sink, buffer);
        return result;
    }

    private static (long Bytes, string Hash) Read(string source, ReadOnlySpanAction<byte, object?> take, CancellationToken cancellation)
    {
        using var input = File.OpenHandle(source, options: FileOptions.SequentialScan);
        var buffer = ArrayPool<byte>.Shared.Rent(PageBlock.MostRawBytes);
        try
        {
            var hash = new XxHash128();
            long offset = 0;
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                var filled = Fill(input, buffer.AsSpan(0, PageBlock.MostRawBytes), offset);
                if (filled == 0)
                {
                    return (offset, RawHash.Format(hash));
                }

                hash.Append(buffer.AsSpan(0, filled));
                take(buffer.AsSpan(0, filled), null);
                offset += filled;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int Fill(Microsoft.Win32.SafeHandles.SafeFileHandle input, Span<byte> buffer, long offset)
    {
        var filled = 0;
        int read;
        while (filled < buffer.Length && (read = RandomAccess.Read(input, buffer[filled..], offset + filled)) > 0)
        {
            filled += read;
        }

        return filled;
    }
}
