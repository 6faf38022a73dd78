using System.Buffers.Binary;
using System.Text;

namespace Substrate.NodeAgent.Actors;

/// <summary>
/// The readiness question for processes that speak HTTP/2 in clear text: the fewest frames that ask it, and as much reading as tells a 200
/// from anything else.
/// </summary>
internal static class Http2Probe
{
    private const int FrameHead = 9;
    private const byte Headers = 1;
    private const byte Settings = 4;
    private const byte GoAway = 7;
    private const byte EndOfStreamAndHeaders = 0x05;
    private const byte Padded = 0x08;
    private const byte Priority = 0x20;

    // RFC 7541, appendix A: the whole field is one entry of the static table.
    private const byte Status200 = 0x88;
    private const byte MethodGet = 0x82;
    private const byte SchemeHttp = 0x86;
    private const byte PathName = 0x04;
    private const byte AuthorityName = 0x01;

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Bytes that ask for <paramref name="path"/>, which is ASCII and at most 1,024 characters.</summary>
    public static byte[] Question(string path) =>
    [
        .. Preface, .. Frame(Settings, 0, 0, []),
        .. Frame(Headers, EndOfStreamAndHeaders, 1, [MethodGet, SchemeHttp, PathName, .. Text(path), AuthorityName, .. Text("actor")]),
    ];

    /// <summary>Reads what has come so far.</summary>
    /// <returns>True for a 200, false for another answer, null while neither has come.</returns>
    public static bool? Answer(ReadOnlySpan<byte> received)
    {
        // A server of HTTP/1.1 answers the preface in its own words.
        if (received.StartsWith("HTTP/"u8))
        {
            return false;
        }

        while (received.Length >= FrameHead)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(received) >> 8;
            var (type, flags) = (received[3], received[4]);
            if (type == GoAway)
            {
                return false;
            }

            if (received.Length < FrameHead + length)
            {
                return null;
            }

            if (type == Headers)
            {
                return IsOk(received.Slice(FrameHead, length), flags);
            }

            received = received[(FrameHead + length)..];
        }

        return null;
    }

    private static bool IsOk(ReadOnlySpan<byte> fields, byte flags)
    {
        var skip = ((flags & Padded) != 0 ? 1 : 0) + ((flags & Priority) != 0 ? 5 : 0);
        fields = fields[Math.Min(skip, fields.Length)..];

        // A change of the table's size may stand in front (6.3): one byte for small sizes, which servers choose.
        while (fields.Length > 0 && (fields[0] & 0xE0) == 0x20)
        {
            fields = fields[1..];
        }

        return fields.Length > 0 && fields[0] == Status200;
    }

    private static byte[] Frame(byte type, byte flags, byte stream, byte[] payload) =>
        [0, (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, 0, 0, 0, stream, .. payload];

    // A string as it is, its length with a prefix of seven bits (5.1).
    private static byte[] Text(string text)
    {
        var length = new List<byte> { (byte)Math.Min(text.Length, 127) };
        if (text.Length >= 127)
        {
            var rest = text.Length - 127;
            for (; rest >= 128; rest >>= 7)
            {
                length.Add((byte)((rest & 127) | 128));
            }

            length.Add((byte)rest);
        }

        return [.. length, .. Encoding.ASCII.GetBytes(text)];
    }
}
