using System.Runtime.InteropServices;
using ZstdSharp;

namespace Substrate.NodeAgent.Snapshots.Packing;

/// <summary>
/// Packs a file of pages against an earlier one. Pages that the base has are named, pages that changed in part become their
/// difference, and what is left goes through zstd. Most pages cost one comparison, which is why this is faster than a
/// compressor with the base as its dictionary.
/// </summary>
internal sealed class PageDelta(BasePages pages, int level) : IDisposable
{
    private const int PageBytes = BasePages.PageBytes;

    private readonly Compressor _compressor = new(level);
    private readonly PageRuns _runs = new();
    private readonly byte[] _payload = new byte[PageBlock.MostRawBytes];
    private readonly byte[] _packed = new byte[PageBlock.MostPackedBytes];
    private readonly byte[] _header = new byte[PageBlock.HeaderBytes];
    private int _payloadBytes;
    private long _next;

    /// <summary>Packs the next part of the file, up to <see cref="PageBlock.MostRawBytes"/>; all but the last a multiple of a page.</summary>
    public void Pack(ReadOnlySpan<byte> raw, Stream target)
    {
        _runs.Clear();
        _payloadBytes = 0;
        for (var rest = raw; !rest.IsEmpty; rest = rest[Math.Min(PageBytes, rest.Length)..])
        {
            Add(rest[..Math.Min(PageBytes, rest.Length)]);
        }

        _runs.End();
        var packed = _payloadBytes == 0 ? 0 : _compressor.Wrap(_payload.AsSpan(0, _payloadBytes), _packed.AsSpan());
        new PageBlock(raw.Length, _runs.Length, _payloadBytes, packed).Write(_header);
        target.Write(_header);
        target.Write(_runs.Bytes);
        target.Write(_packed.AsSpan(0, packed));
    }

    public void Dispose() => _compressor.Dispose();

    private void Add(ReadOnlySpan<byte> page)
    {
        var whole = page.Length == PageBytes;
        if (whole && _next < pages.Count && page.SequenceEqual(pages.Page(_next)))
        {
            _runs.Add(PageRun.Base, _next++);
            return;
        }

        if (whole && !page.ContainsAnyExcept((byte)0))
        {
            // The base's page stays where it is in the count: an actor that freed a page has the others where they were.
            _runs.Add(PageRun.Zero);
            _next++;
            return;
        }

        if (whole && pages.Find(page) is >= 0 and var found)
        {
            _runs.Add(PageRun.Base, found);
            _next = found + 1;
            return;
        }

        var changed = whole && _next < pages.Count && TryDifference(page, pages.Page(_next), _payload.AsSpan(_payloadBytes, PageBytes));
        if (!changed)
        {
            page.CopyTo(_payload.AsSpan(_payloadBytes));
        }

        _runs.Add(changed ? PageRun.Changed : PageRun.Literal);
        _payloadBytes += page.Length;
        _next++;
    }

    // Worth it when at least half of the page is as it was: the rest becomes zeros, which cost next to nothing.
    private static bool TryDifference(ReadOnlySpan<byte> page, ReadOnlySpan<byte> before, Span<byte> difference)
    {
        var now = MemoryMarshal.Cast<byte, ulong>(page);
        var then = MemoryMarshal.Cast<byte, ulong>(before);
        var target = MemoryMarshal.Cast<byte, ulong>(difference);
        var same = 0;
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = now[i] ^ then[i];
            same += target[i] == 0 ? 1 : 0;
        }

        return same >= target.Length / 2;
    }
}
