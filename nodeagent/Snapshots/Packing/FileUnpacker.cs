using System.IO.Hashing;

namespace Substrate.NodeAgent.Snapshots.Packing;

/// <summary>Unpacks one file of a snapshot while it comes in, hashing both sides; it stops at the size promised.</summary>
internal static class FileUnpacker
{
    /// <summary>Unpacks <paramref name="source"/> into the new file <paramref name="target"/>.</summary>
    /// <param name="source">The stored bytes.</param>
    /// <param name="basis">The file of that name of the base; null when it was packed without.</param>
    /// <param name="target">The new file.</param>
    /// <param name="expected">What both sides must be.</param>
    /// <param name="cipher">The cipher it was encrypted with; null when it is readable.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="InvalidDataException">It is not what <paramref name="expected"/> says.</exception>
    public static async Task UnpackAsync(
        Stream source, string? basis, string target, SnapshotFile expected, SegmentCipher? cipher, CancellationToken cancellation)
    {
        await using var stored = new StoredHash(source);
        await using var opening = cipher is null ? null : new OpeningStream(stored, cipher, expected.StoredBytes);
        using var output = File.OpenHandle(target, FileMode.CreateNew, FileAccess.Write);
        var hash = new XxHash128();
        long bytes = 0;
        await DecodeAsync(opening ?? (Stream)stored, basis, expected, Take, cancellation);
        await DrainAsync(stored, expected, cancellation);
        if (stored.Text is var text && text != expected.StoredHash)
        {
            throw new InvalidDataException($"its content has hash {text} instead of {expected.StoredHash}");
        }

        if (RawHash.Format(hash) is var raw && (bytes != expected.RawBytes || raw != expected.Hash))
        {
            throw new InvalidDataException($"it unpacks to {bytes} bytes with hash {raw} instead of {expected.RawBytes} with {expected.Hash}");
        }

        void Take(ReadOnlySpan<byte> part)
        {
            // Checked before it is written: a damaged file must not fill the disk.
            if (bytes + part.Length > expected.RawBytes)
            {
                throw new InvalidDataException($"it does not unpack to {expected.RawBytes} bytes");
            }

            hash.Append(part);
            RandomAccess.Write(output, part, bytes);
            bytes += part.Length;
        }
    }

    private static async Task DecodeAsync(
        Stream source, string? basis, SnapshotFile expected, Action<ReadOnlySpan<byte>> take, CancellationToken cancellation)
    {
        switch (expected.Encoding)
        {
            case SnapshotEncoding.Zstd:
                await WholeFile.UnpackAsync(source, take, cancellation);
                return;
            case SnapshotEncoding.Prefix when basis is not null && expected.RawBytes <= PrefixedFile.MostBytes && expected.StoredBytes <= 2 * PrefixedFile.MostBytes:
                using (var packed = new MemoryStream((int)expected.StoredBytes))
                {
                    await source.CopyToAsync(packed, cancellation);
                    var prefix = await File.ReadAllBytesAsync(basis, cancellation);
                    take(PrefixedFile.Unpack(packed.GetBuffer().AsSpan(0, (int)packed.Length), prefix, (int)expected.RawBytes));
                }

                return;
            case SnapshotEncoding.Pages when basis is not null:
                using (var pages = new BasePages(File.OpenHandle(basis)))
                using (var patch = new PagePatch(pages))
                {
                    while (await patch.ReadAsync(source, cancellation) is { IsEmpty: false } part)
                    {
                        take(part.Span);
                    }
                }

                return;
            default:
                throw new InvalidDataException($"its manifest gives it the encoding {expected.Encoding}, which it cannot have");
        }
    }

    // What follows the packed content belongs to the stored bytes too; there must be exactly as many as promised.
    private static async Task DrainAsync(StoredHash stored, SnapshotFile expected, CancellationToken cancellation)
    {
        var rest = new byte[4096];
        while (stored.Count <= expected.StoredBytes && await stored.ReadAsync(rest, cancellation) > 0)
        {
        }

        if (stored.Count != expected.StoredBytes)
        {
            throw new InvalidDataException($"it has {(stored.Count > expected.StoredBytes ? "more than " : $"{stored.Count} bytes instead of ")}{expected.StoredBytes}{(stored.Count > expected.StoredBytes ? " bytes" : "")}");
        }
    }
}
