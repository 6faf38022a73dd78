namespace Substrate.NodeAgent.Snapshots.Packing;

/// <summary>The runs of one block, written as pairs of 7-bit-group numbers: <c>count * 4 + kind</c>, and for <see cref="PageRun.Base"/> the first page.</summary>
internal sealed class PageRuns
{
    private readonly byte[] _bytes = new byte[PageBlock.MostRunBytes];
    private PageRun _kind;
    private long _count;
    private long _first;

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    public void Clear() => (Length, _count) = (0, 0);

    /// <summary>One more page; it extends the last run when it continues it.</summary>
    public void Add(PageRun kind, long basePage = 0)
    {
        if (_count > 0 && kind == _kind && (kind != PageRun.Base || basePage == _first + _count))
        {
            _count++;
            return;
        }

        End();
        (_kind, _count, _first) = (kind, 1, basePage);
    }

    /// <summary>Writes the last run.</summary>
    public void End()
    {
        if (_count > 0)
        {
            Write((_count << 2) | (long)_kind);
            if (_kind == PageRun.Base)
            {
                Write(_first);
            }
        }

        _count = 0;
    }

    /// <summary>Reads one number from the front of <paramref name="bytes"/>.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static long Read(ref ReadOnlySpan<byte> bytes)
    {
        long value = 0;
        for (var shift = 0; shift < 56 && !bytes.IsEmpty; shift += 7)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            value |= (long)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("it has a run that cannot be right");
    }

    private void Write(long value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes[Length++] = (byte)(value | 0x80);
        }

        _bytes[Length++] = (byte)value;
    }
}
