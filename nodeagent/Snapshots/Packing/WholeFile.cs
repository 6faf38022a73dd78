using System.Buffers;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Substrate.NodeAgent.Snapshots.Packing;

/// <summary>A file packed by zstd alone, as one frame. Memory use does not depend on the file's size.</summary>
internal static class WholeFile
{
    private const int BufferBytes = 256 * 1024;

    /// <summary>A compressor as every packing of a snapshot uses it: the manifest has the hashes, so the frame carries none.</summary>
    public static Compressor Compressor(int level)
    {
        var compressor = new Compressor(level);
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 0);
        return compressor;
    }

    /// <summary>Packs a part; the last one ends the frame.</summary>
    public static void Pack(Compressor compressor, ReadOnlySpan<byte> raw, bool last, Stream target, byte[] buffer)
    {
        OperationStatus status;
        do
        {
            status = compressor.WrapStream(raw, buffer, out var consumed, out var written, last);
            raw = raw[consumed..];
            target.Write(buffer.AsSpan(0, written));
        }
        while (last ? status != OperationStatus.Done : raw.Length > 0);
    }

    /// <summary>Unpacks a stream to its end, handing each part to <paramref name="take"/>.</summary>
    /// <exception cref="InvalidDataException">It is no zstd frame.</exception>
    public static async Task UnpackAsync(Stream source, Action<ReadOnlySpan<byte>> take, CancellationToken cancellation)
    {
        using var decompressor = new Decompressor();
        var packed = ArrayPool<byte>.Shared.Rent(BufferBytes);
        var raw = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int read;
            while ((read = await source.ReadAsync(packed, cancellation)) > 0)
            {
                Unpack(decompressor, packed.AsSpan(0, read), raw, take);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
            ArrayPool<byte>.Shared.Return(raw);
        }
    }

    private static void Unpack(Decompressor decompressor, ReadOnlySpan<byte> packed, byte[] raw, Action<ReadOnlySpan<byte>> take)
    {
        OperationStatus status;
        do
        {
            status = decompressor.UnwrapStream(packed, raw, out var consumed, out var written);
            if (status == OperationStatus.InvalidData)
            {
                throw new InvalidDataException("it is not what zstd wrote");
            }

            packed = packed[consumed..];
            take(raw.AsSpan(0, written));
        }
        while (packed.Length > 0 || status == OperationStatus.DestinationTooSmall);
    }
}
