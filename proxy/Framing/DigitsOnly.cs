using System.Text;

namespace Substrate.Proxy.Framing;

/// <summary>
/// Reads <c>Content-Length</c> for Kestrel, whose own reading takes a sign and spaces too: whatever is not a row of digits becomes a text
/// that is no number, so that the request is refused.
/// </summary>
internal sealed class DigitsOnly : Encoding
{
    public static readonly DigitsOnly Instance = new();

    private const char NoDigit = 'x';

    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        var plain = !bytes.ContainsAnyExceptInRange((byte)'0', (byte)'9');
        var length = Math.Min(bytes.Length, chars.Length);
        for (var i = 0; i < length; i++)
        {
            chars[i] = plain ? (char)bytes[i] : NoDigit;
        }

        return length;
    }

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
        GetChars(bytes.AsSpan(byteIndex, byteCount), chars.AsSpan(charIndex));

    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    public override int GetMaxCharCount(int byteCount) => byteCount;

    public override int GetByteCount(char[] chars, int index, int count) => count;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetMaxByteCount(int charCount) => charCount;
}
