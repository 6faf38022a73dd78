using ZstdSharp.Unsafe;

namespace Substrate.NodeAgent.Snapshots.Packing;

/// <summary>
/// A file packed by zstd with its base as prefix, matched over any distance. For files that are no sequence of pages and small
/// enough to be held in memory twice: the runtime's own state.
/// </summary>
internal static unsafe class PrefixedFile
{
    /// <summary>Bytes of the larger of file and base up to which this is used.</summary>
    public const int MostBytes = 16 * 1024 * 1024;

    // Twice the largest file: reaches from its end to the start of the prefix.
    private const int WindowLog = 25;

    /// <summary>Packs <paramref name="raw"/> against <paramref name="prefix"/>.</summary>
    public static byte[] Pack(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> prefix, int level)
    {
        var target = new byte[(int)Methods.ZSTD_compressBound((nuint)raw.Length)];
        var context = Methods.ZSTD_createCCtx();
        try
        {
            Check(Methods.ZSTD_CCtx_setParameter(context, ZSTD_cParameter.ZSTD_c_compressionLevel, level));
            Check(Methods.ZSTD_CCtx_setParameter(context, ZSTD_cParameter.ZSTD_c_windowLog, WindowLog));
            Check(Methods.ZSTD_CCtx_setParameter(context, ZSTD_cParameter.ZSTD_c_enableLongDistanceMatching, 1));
            fixed (byte* from = raw, to = target, before = prefix)
            {
                Check(Methods.ZSTD_CCtx_refPrefix(context, before, (nuint)prefix.Length));
                var written = Check(Methods.ZSTD_compress2(context, to, (nuint)target.Length, from, (nuint)raw.Length));
                return target[..(int)written];
            }
        }
        finally
        {
            Methods.ZSTD_freeCCtx(context);
        }
    }

    /// <summary>Unpacks to exactly <paramref name="rawBytes"/> bytes.</summary>
    /// <exception cref="InvalidDataException">It is not that.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> packed, ReadOnlySpan<byte> prefix, int rawBytes)
    {
        var raw = new byte[rawBytes];
        var context = Methods.ZSTD_createDCtx();
        try
        {
            Check(Methods.ZSTD_DCtx_setParameter(context, ZSTD_dParameter.ZSTD_d_windowLogMax, WindowLog));
            fixed (byte* from = packed, to = raw, before = prefix)
            {
                Check(Methods.ZSTD_DCtx_refPrefix(context, before, (nuint)prefix.Length));
                var written = Check(Methods.ZSTD_decompressDCtx(context, to, (nuint)raw.Length, from, (nuint)packed.Length));
                return written == (nuint)rawBytes ? raw : throw new InvalidDataException($"it unpacks to {written} bytes instead of {rawBytes}");
            }
        }
        finally
        {
            Methods.ZSTD_freeDCtx(context);
        }
    }

    private static nuint Check(nuint result) =>
        Methods.ZSTD_isError(result) ? throw new InvalidDataException($"zstd: {Methods.ZSTD_getErrorName(result)}") : result;
}
