using System.Text;

namespace Substrate.NodeAgent.Commands;

/// <summary>Reads a stream to its end and keeps the last part of it, so that a talkative command costs no more than a quiet one.</summary>
internal sealed class OutputCapture
{
    /// <summary>Bytes kept for certain; up to twice as many are held.</summary>
    public const int Kept = 1024 * 1024;

    private readonly Lock _lock = new();
    private byte[] _kept = new byte[4 * 1024];
    private int _length;

    public async Task ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellation)) > 0)
            {
                Keep(buffer.AsSpan(0, read));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // Given up by the runner: somebody else still holds the other end. What was read stands.
        }
    }

    public override string ToString()
    {
        lock (_lock)
        {
            return Encoding.UTF8.GetString(_kept, 0, _length);
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (_length + bytes.Length > 2 * Kept)
            {
                _kept.AsSpan(_length - Kept, Kept).CopyTo(_kept);
                _length = Kept;
            }

            if (_length + bytes.Length > _kept.Length)
            {
                Array.Resize(ref _kept, Math.Max(_length + bytes.Length, 2 * _kept.Length));
            }

            bytes.CopyTo(_kept.AsSpan(_length));
            _length += bytes.Length;
        }
    }
}
