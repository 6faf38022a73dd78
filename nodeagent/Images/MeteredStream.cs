using System.Security.Cryptography;

namespace Substrate.NodeAgent.Images;

/// <summary>Counts what is read through it, hashes it if asked to, and lets <paramref name="check"/> end the reading.</summary>
/// <param name="inner">What to read.</param>
/// <param name="hash">Hashes the bytes; null for no hash.</param>
/// <param name="check">Told of the count after each read; throws to end it.</param>
internal sealed class MeteredStream(Stream inner, IncrementalHash? hash, Action<long>? check) : Stream
{
    public long Count { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => Count;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Took(buffer.AsSpan(offset, count), inner.Read(buffer, offset, count));

    public override int Read(Span<byte> buffer) => Took(buffer, inner.Read(buffer));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        return Took(buffer.Span, read);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Took(ReadOnlySpan<byte> buffer, int read)
    {
        hash?.AppendData(buffer[..read]);
        Count += read;
        check?.Invoke(Count);
        return read;
    }
}
