using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;

namespace Substrate.NodeAgent.Snapshots.Packing;

/// <summary>The pages of the file that a delta is made against, by number and by content. Read through a small window, so memory does not depend on the file's size.</summary>
internal sealed class BasePages(SafeFileHandle file) : IDisposable
{
    /// <summary>Bytes of a page, on every architecture: it is the format's unit, not the machine's.</summary>
    public const int PageBytes = 4096;

    private const int WindowPages = 64;

    private readonly byte[] _window = new byte[WindowPages * PageBytes];
    private long _windowStart = -1;
    private Dictionary<ulong, uint>? _byContent;

    /// <summary>Whole pages in the file.</summary>
    public long Count { get; } = RandomAccess.GetLength(file) / PageBytes;

    /// <summary>A page's bytes, valid until the next call. <paramref name="page"/> is below <see cref="Count"/>.</summary>
    public ReadOnlySpan<byte> Page(long page)
    {
        var start = page - (page % WindowPages);
        if (start != _windowStart)
        {
            Fill(_window, start * PageBytes);
            _windowStart = start;
        }

        return _window.AsSpan((int)(page - start) * PageBytes, PageBytes);
    }

    /// <summary>Number of a page with that content; -1 when there is none.</summary>
    public long Find(ReadOnlySpan<byte> content) =>
        (_byContent ??= Index()).TryGetValue(XxHash3.HashToUInt64(content), out var page) && Page(page).SequenceEqual(content) ? page : -1;

    /// <summary>Copies pages from <paramref name="first"/> on into <paramref name="target"/>, a multiple of a page long.</summary>
    /// <exception cref="InvalidDataException">The file has no such pages.</exception>
    public void Copy(long first, Span<byte> target)
    {
        if (first < 0 || first + (target.Length / PageBytes) > Count)
        {
            throw new InvalidDataException("it refers to pages that its base does not have");
        }

        for (var at = 0; at < target.Length;)
        {
            var read = RandomAccess.Read(file, target[at..], (first * PageBytes) + at);
            at += read > 0 ? read : throw new InvalidDataException("its base is shorter than it was");
        }
    }

    public void Dispose() => file.Dispose();

    // Only when the first page has moved: a file whose pages all stand where they stood needs no index.
    private Dictionary<ulong, uint> Index()
    {
        var index = new Dictionary<ulong, uint>((int)Math.Min(Count, 1 << 24));
        for (long page = 0; page < Math.Min(Count, uint.MaxValue); page++)
        {
            index[XxHash3.HashToUInt64(Page(page))] = (uint)page;
        }

        return index;
    }

    private void Fill(Span<byte> window, long offset)
    {
        int read;
        while (window.Length > 0 && (read = RandomAccess.Read(file, window, offset)) > 0)
        {
            window = window[read..];
            offset += read;
        }
    }
}
