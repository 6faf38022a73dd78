using System.Buffers;
using System.IO.Hashing;

namespace Substrate.NodeAgent.Snapshots;

/// <summary>Hash of a file's raw content. It guards against damage, not against forgery, and is on the path of every restore: hence a fast one.</summary>
internal static class RawHash
{
    // Small enough to stay in the processor's second-level cache between the copy out of the page cache and the hashing.
    private const int BufferBytes = 256 * 1024;

    public static string Format(XxHash128 hash) => $"xxh128:{Convert.ToHexStringLower(hash.GetCurrentHash())}";

    public static string OfFile(string path, CancellationToken cancellation)
    {
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var hash = new XxHash128();
            long offset = 0;
            int read;
            while ((read = RandomAccess.Read(file, buffer, offset)) > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                hash.Append(buffer.AsSpan(0, read));
                offset += read;
            }

            return Format(hash);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
