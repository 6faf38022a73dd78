using System.Runtime.InteropServices;
using ZstdSharp;

namespace Substrate.NodeAgent.Snapshots.Packing;

/// <summary>The other direction of <see cref="PageDelta"/>. Trusts nothing it reads: every number is checked before it is used.</summary>
internal sealed class PagePatch(BasePages pages) : IDisposable
{
    private const int PageBytes = BasePages.PageBytes;

    private readonly Decompressor _decompressor = new();
    private readonly byte[] _header = new byte[PageBlock.HeaderBytes];
    private readonly byte[] _runs = new byte[PageBlock.MostRunBytes];
    private readonly byte[] _packed = new byte[PageBlock.MostPackedBytes];
    private readonly byte[] _payload = new byte[PageBlock.MostRawBytes];
    private readonly byte[] _raw = new byte[PageBlock.MostRawBytes];
    private readonly byte[] _before = new byte[PageBytes];
    private long _next;

    /// <summary>Reads one block and rebuilds its part of the file; empty at the end of the stream. Valid until the next call.</summary>
    /// <exception cref="InvalidDataException">It is no block.</exception>
    /// <exception cref="EndOfStreamException">The stream ends within a block.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(Stream source, CancellationToken cancellation)
    {
        var got = await source.ReadAtLeastAsync(_header, PageBlock.HeaderBytes, throwOnEndOfStream: false, cancellation);
        if (got == 0)
        {
            return default;
        }

        var block = got == PageBlock.HeaderBytes ? PageBlock.Read(_header) : throw new EndOfStreamException("it ends within a block");
        await source.ReadExactlyAsync(_runs.AsMemory(0, block.RunBytes), cancellation);
        await source.ReadExactlyAsync(_packed.AsMemory(0, block.PackedBytes), cancellation);
        Rebuild(block);
        return _raw.AsMemory(0, block.RawBytes);
    }

    public void Dispose() => _decompressor.Dispose();

    private void Rebuild(PageBlock block)
    {
        var unpacked = block.PackedBytes == 0 ? 0 : _decompressor.Unwrap(_packed.AsSpan(0, block.PackedBytes), _payload.AsSpan(0, block.PayloadBytes));
        if (unpacked != block.PayloadBytes)
        {
            throw new InvalidDataException("it has a block whose payload has another size");
        }

        ReadOnlySpan<byte> payload = _payload.AsSpan(0, unpacked);
        ReadOnlySpan<byte> runs = _runs.AsSpan(0, block.RunBytes);
        var rest = _raw.AsSpan(0, block.RawBytes);
        while (!runs.IsEmpty)
        {
            var run = PageRuns.Read(ref runs);
            var kind = (PageRun)(run & 3);
            var bytes = (int)Math.Min((run >> 2) * PageBytes, kind == PageRun.Literal ? rest.Length : int.MaxValue);
            if (bytes <= 0 || bytes > rest.Length)
            {
                throw new InvalidDataException("it has a run that is longer than its block");
            }

            var first = kind == PageRun.Base ? PageRuns.Read(ref runs) : _next;
            Apply(kind, first, rest[..bytes], ref payload);
            _next = first + ((bytes + PageBytes - 1) / PageBytes);
            rest = rest[bytes..];
        }

        if (!rest.IsEmpty || !payload.IsEmpty)
        {
            throw new InvalidDataException("it has a block whose runs do not make up its size");
        }
    }

    private void Apply(PageRun kind, long first, Span<byte> target, ref ReadOnlySpan<byte> payload)
    {
        if (kind is PageRun.Changed or PageRun.Literal && payload.Length < target.Length)
        {
            throw new InvalidDataException("it has a block with too little payload");
        }

        switch (kind)
        {
            case PageRun.Base:
                pages.Copy(first, target);
                return;
            case PageRun.Zero:
                target.Clear();
                return;
            case PageRun.Literal:
                payload[..target.Length].CopyTo(target);
                break;
            default:
                for (var at = 0; at < target.Length; at += PageBytes)
                {
                    pages.Copy(first + (at / PageBytes), _before);
                    Xor(_before, payload.Slice(at, PageBytes), target.Slice(at, PageBytes));
                }

                break;
        }

        payload = payload[target.Length..];
    }

    private static void Xor(ReadOnlySpan<byte> before, ReadOnlySpan<byte> difference, Span<byte> page)
    {
        var then = MemoryMarshal.Cast<byte, ulong>(before);
        var change = MemoryMarshal.Cast<byte, ulong>(difference);
        var now = MemoryMarshal.Cast<byte, ulong>(page);
        for (var i = 0; i < now.Length; i++)
        {
            now[i] = then[i] ^ change[i];
        }
    }
}
