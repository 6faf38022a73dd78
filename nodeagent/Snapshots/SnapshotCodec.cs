using System.Buffers;
using System.IO.Hashing;
using System.Security.Cryptography;
using Substrate.NodeAgent.Files;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Substrate.NodeAgent.Snapshots;

/// <summary>
/// Packs one file for the store and unpacks it, streaming: memory use does not depend on the file's size. Both directions hash both
/// sides, so that damage on either disk is noticed before anything becomes visible.
/// </summary>
internal static class SnapshotCodec
{
    // Pages of processes gain little beyond this, and packing competes with running actors for CPU.
    private const int Level = 1;
    private const int BufferBytes = 256 * 1024;

    /// <summary>Packs <paramref name="source"/> into the new file <paramref name="target"/> and flushes it.</summary>
    /// <returns>The file as the store keeps it.</returns>
    /// <exception cref="InvalidDataException">The source is not what <paramref name="expected"/> says.</exception>
    public static SnapshotFile Pack(string source, string target, SnapshotFile expected, CancellationToken cancellation)
    {
        using var input = File.OpenHandle(source, options: FileOptions.SequentialScan);
        using var output = File.OpenHandle(target, FileMode.CreateNew, FileAccess.Write);
        using var compressor = new Compressor(Level);
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 0);
        using var storedHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var buffers = new Buffers();
        var rawHash = new XxHash128();
        long rawBytes = 0;
        long storedBytes = 0;
        bool last;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            var read = RandomAccess.Read(input, buffers.In, rawBytes);
            ReadOnlySpan<byte> raw = buffers.In.AsSpan(0, read);
            rawHash.Append(raw);
            rawBytes += read;
            last = read == 0;
            OperationStatus status;
            do
            {
                status = compressor.WrapStream(raw, buffers.Out, out var consumed, out var written, last);
                raw = raw[consumed..];
                var packed = buffers.Out.AsSpan(0, written);
                storedHash.AppendData(packed);
                RandomAccess.Write(output, packed, storedBytes);
                storedBytes += written;
            }
            while (last ? status != OperationStatus.Done : raw.Length > 0);
        }
        while (!last);

        var hash = RawHash.Format(rawHash);
        if (rawBytes != expected.RawBytes || hash != expected.Hash)
        {
            throw new InvalidDataException($"it has {rawBytes} bytes with hash {hash} instead of {expected.RawBytes} with {expected.Hash}");
        }

        Durability.Flush(target);
        return expected with { StoredBytes = storedBytes, StoredHash = Format(storedHash), Compression = SnapshotCompression.Zstd };
    }

    /// <summary>Unpacks <paramref name="source"/> into the new file <paramref name="target"/>.</summary>
    /// <exception cref="InvalidDataException">It is not what <paramref name="expected"/> says.</exception>
    public static void Unpack(string source, string target, SnapshotFile expected, CancellationToken cancellation)
    {
        using var input = File.OpenHandle(source, options: FileOptions.SequentialScan);
        var length = RandomAccess.GetLength(input);
        if (length != expected.StoredBytes)
        {
            throw new InvalidDataException($"it has {length} bytes instead of {expected.StoredBytes}");
        }

        using var output = File.OpenHandle(target, FileMode.CreateNew, FileAccess.Write);
        using var decompressor = new Decompressor();
        using var storedHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var buffers = new Buffers();
        var rawHash = new XxHash128();
        long rawBytes = 0;
        long storedBytes = 0;
        while (storedBytes < length)
        {
            cancellation.ThrowIfCancellationRequested();
            var read = RandomAccess.Read(input, buffers.In, storedBytes);
            if (read == 0)
            {
                break;
            }

            ReadOnlySpan<byte> packed = buffers.In.AsSpan(0, read);
            storedHash.AppendData(packed);
            storedBytes += read;
            OperationStatus status;
            do
            {
                status = decompressor.UnwrapStream(packed, buffers.Out, out var consumed, out var written);
                packed = packed[consumed..];
                // Checked before it is written: a damaged file must not fill the disk.
                if (status == OperationStatus.InvalidData || rawBytes + written > expected.RawBytes)
                {
                    throw new InvalidDataException($"it does not unpack to {expected.RawBytes} bytes");
                }

                var raw = buffers.Out.AsSpan(0, written);
                rawHash.Append(raw);
                RandomAccess.Write(output, raw, rawBytes);
                rawBytes += written;
            }
            while (packed.Length > 0 || status == OperationStatus.DestinationTooSmall);
        }

        if (Format(storedHash) is var stored && stored != expected.StoredHash)
        {
            throw new InvalidDataException($"its content has hash {stored} instead of {expected.StoredHash}");
        }

        if (RawHash.Format(rawHash) is var hash && (rawBytes != expected.RawBytes || hash != expected.Hash))
        {
            throw new InvalidDataException($"it unpacks to {rawBytes} bytes with hash {hash} instead of {expected.RawBytes} with {expected.Hash}");
        }
    }

    private static string Format(IncrementalHash hash) => $"sha256:{Convert.ToHexStringLower(hash.GetCurrentHash())}";

    private sealed class Buffers : IDisposable
    {
        public byte[] In { get; } = ArrayPool<byte>.Shared.Rent(BufferBytes);

        public byte[] Out { get; } = ArrayPool<byte>.Shared.Rent(BufferBytes);

        public void Dispose()
        {
            ArrayPool<byte>.Shared.Return(In);
            ArrayPool<byte>.Shared.Return(Out);
        }
    }
}
