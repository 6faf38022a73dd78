namespace Substrate.NodeAgent.Snapshots.Packing;

/// <summary>Encrypts what is written, segment by segment. The last segment goes out with <see cref="Finish"/>.</summary>
internal sealed class SealingStream(Stream inner, SegmentCipher cipher) : Stream
{
    private readonly byte[] _plain = new byte[SegmentCipher.SegmentBytes];
    private readonly byte[] _secret = new byte[SegmentCipher.SegmentBytes + SegmentCipher.TagBytes];
    private int _filled;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (_filled == _plain.Length)
            {
                Seal(last: false);
            }

            var part = buffer[..Math.Min(buffer.Length, _plain.Length - _filled)];
            part.CopyTo(_plain.AsSpan(_filled));
            _filled += part.Length;
            buffer = buffer[part.Length..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Writes the last segment, which may be empty.</summary>
    public void Finish() => Seal(last: true);

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

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

    private void Seal(bool last)
    {
        cipher.Seal(_plain.AsSpan(0, _filled), _secret, last);
        inner.Write(_secret.AsSpan(0, _filled + SegmentCipher.TagBytes));
        _filled = 0;
    }
}
