namespace Substrate.NodeAgent.Snapshots.Packing;

/// <summary>Decrypts what is read, segment by segment; nothing of a segment is handed out before the whole of it is authenticated.</summary>
/// <param name="inner">The encrypted bytes.</param>
/// <param name="cipher">Decrypts them.</param>
/// <param name="bytes">How many encrypted bytes there are.</param>
internal sealed class OpeningStream(Stream inner, SegmentCipher cipher, long bytes) : Stream
{
    private readonly byte[] _secret = new byte[SegmentCipher.SegmentBytes + SegmentCipher.TagBytes];
    private readonly byte[] _plain = new byte[SegmentCipher.SegmentBytes];
    private long _left = bytes;
    private int _from;
    private int _to;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_from == _to && _left > 0)
        {
            var length = (int)Math.Min(_secret.Length, _left);
            if (length < SegmentCipher.TagBytes)
            {
                throw new InvalidDataException("its last encrypted segment is too short");
            }

            await inner.ReadExactlyAsync(_secret.AsMemory(0, length), cancellationToken);
            _left -= length;
            cipher.Open(_secret.AsSpan(0, length), _plain, last: _left == 0);
            (_from, _to) = (0, length - SegmentCipher.TagBytes);
        }

        var part = Math.Min(buffer.Length, _to - _from);
        _plain.AsSpan(_from, part).CopyTo(buffer.Span);
        _from += part;
        return part;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            cipher.Dispose();
        }

        base.Dispose(disposing);
    }
}
