namespace Substrate.NodeAgent.Store;

/// <summary>Reads an object in parts, some ahead of whoever reads, in order. Memory: the parts ahead.</summary>
/// <param name="read">Reads a part: offset, length.</param>
/// <param name="bytes">Size of the object.</param>
/// <param name="partBytes">Size of a part.</param>
/// <param name="ahead">Parts under way at once.</param>
internal sealed class S3Reader(Func<long, int, CancellationToken, Task<byte[]>> read, long bytes, int partBytes, int ahead) : Stream
{
    private readonly CancellationTokenSource _end = new();
    private readonly Queue<Task<byte[]>> _parts = new();
    private byte[] _part = [];
    private int _at;
    private long _asked;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => bytes;

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Waits for the first part.</summary>
    public async Task BeginAsync(CancellationToken cancellation)
    {
        Ask();
        if (_parts.TryPeek(out var first))
        {
            await first.WaitAsync(cancellation);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_at == _part.Length)
        {
            if (!_parts.TryDequeue(out var next))
            {
                return 0;
            }

            _part = await next.WaitAsync(cancellationToken);
            _at = 0;
            Ask();
        }

        var count = Math.Min(buffer.Length, _part.Length - _at);
        _part.AsMemory(_at, count).CopyTo(buffer);
        _at += count;
        return count;
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

    public override async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        foreach (var part in _parts)
        {
            await ((Task)part).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _end.Dispose();
        await base.DisposeAsync();
    }

    private void Ask()
    {
        while (_parts.Count < ahead && _asked < bytes)
        {
            var count = (int)Math.Min(partBytes, bytes - _asked);
            _parts.Enqueue(read(_asked, count, _end.Token));
            _asked += count;
        }
    }
}
