namespace Substrate.Proxy.WebSockets;

/// <summary>
/// The client's side of a WebSocket. Bytes pass both ways as they are; when the proxy is about to stop, the client is sent a Close frame
/// (1001, going away) at the next edge between two frames of the actor, and nothing behind it. The client's own Close then reaches the actor.
/// </summary>
internal sealed class LeavingStream : Stream
{
    // FIN and opcode 8; two bytes of code and a reason, unmasked as all frames of a server.
    private static readonly byte[] GoingAway = [0x88, 14, 0x03, 0xE9, .. "server stops"u8];

    private readonly Stream _client;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly CancellationTokenRegistration _registration;
    private FrameEdges _edges;
    private bool _leaving;
    private bool _closed;

    public LeavingStream(Stream client, CancellationToken leaving)
    {
        _client = client;
        _registration = leaving.UnsafeRegister(static self => _ = ((LeavingStream)self!).LeaveAsync(), this);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _client.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        _client.ReadAsync(buffer, offset, count, cancellationToken);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (_closed)
            {
                return;
            }

            var passed = _edges.Advance(buffer.Span, toEdge: _leaving);
            await _client.WriteAsync(buffer[..passed], cancellationToken);
            if (_leaving && _edges.AtEdge)
            {
                await Close_NeedsLockAsync(cancellationToken);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => _client.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _registration.Dispose();
            _client.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task LeaveAsync()
    {
        try
        {
            await _writing.WaitAsync();
            try
            {
                _leaving = true;
                if (_edges.AtEdge && !_closed)
                {
                    await Close_NeedsLockAsync(CancellationToken.None);
                }
            }
            finally
            {
                _writing.Release();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // The client is gone already.
        }
    }

    private async Task Close_NeedsLockAsync(CancellationToken cancellationToken)
    {
        _closed = true;
        await _client.WriteAsync(GoingAway, cancellationToken);
        await _client.FlushAsync(cancellationToken);
    }
}
