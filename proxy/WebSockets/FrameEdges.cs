using System.Buffers.Binary;

namespace Substrate.Proxy.WebSockets;

/// <summary>Follows a stream of WebSocket frames (RFC 6455, 5.2) from edge to edge, without looking into them.</summary>
internal struct FrameEdges
{
    private const byte Masked = 0x80;
    private const int MaskBytes = 4;

    private Head _head;
    private int _headLength;
    private ulong _payloadLeft;

    /// <summary>True between two frames: here another one may stand.</summary>
    public readonly bool AtEdge => _headLength == 0 && _payloadLeft == 0;

    /// <summary>Goes through bytes of the stream.</summary>
    /// <param name="bytes">The next bytes.</param>
    /// <param name="toEdge">Stop at the first edge.</param>
    /// <returns>How many bytes it went through.</returns>
    public int Advance(ReadOnlySpan<byte> bytes, bool toEdge)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            if (_payloadLeft > 0)
            {
                var step = (int)Math.Min(_payloadLeft, (ulong)(bytes.Length - at));
                (at, _payloadLeft) = (at + step, _payloadLeft - (ulong)step);
            }
            else
            {
                _head[_headLength++] = bytes[at++];
                if (_headLength == HeadLength())
                {
                    (_payloadLeft, _headLength) = (PayloadLength(), 0);
                }
            }

            if (toEdge && AtEdge)
            {
                return at;
            }
        }

        return at;
    }

    private readonly int HeadLength()
    {
        if (_headLength < 2)
        {
            return 2;
        }

        var length = (_head[1] & ~Masked) switch { 126 => 4, 127 => 10, _ => 2 };
        return (_head[1] & Masked) == 0 ? length : length + MaskBytes;
    }

    private readonly ulong PayloadLength()
    {
        ReadOnlySpan<byte> head = _head;
        return (head[1] & ~Masked) switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(head[2..]),
            127 => BinaryPrimitives.ReadUInt64BigEndian(head[2..]),
            var length => (ulong)length,
        };
    }

    [System.Runtime.CompilerServices.InlineArray(14)]
    private struct Head
    {
        private byte _first;
    }
}
