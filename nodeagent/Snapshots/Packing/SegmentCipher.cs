using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Substrate.NodeAgent.Snapshots.Packing;

/// <summary>
/// AES-256-GCM over a file in segments of 64 KiB, each with its own tag. The nonce counts the segments and marks the last one, and the
/// file's name is authenticated with each: segments can neither be moved, left out, nor cut off at the end. The key belongs to one
/// snapshot alone, so a counter as nonce never repeats under it.
/// </summary>
internal sealed class SegmentCipher(ReadOnlySpan<byte> key, int fileIndex, string fileName) : IDisposable
{
    public const int SegmentBytes = 64 * 1024;
    public const int TagBytes = 16;
    public const int KeyBytes = 32;

    private readonly AesGcm _aes = new(key, TagBytes);
    private readonly byte[] _nonce = new byte[12];
    private readonly byte[] _name = Encoding.UTF8.GetBytes(fileName);
    private uint _segment;

    /// <summary>Encrypts the next segment into <paramref name="target"/>, which is longer by a tag.</summary>
    public void Seal(ReadOnlySpan<byte> plain, Span<byte> target, bool last)
    {
        _aes.Encrypt(Next(last), plain, target[..plain.Length], target.Slice(plain.Length, TagBytes), _name);
    }

    /// <summary>Decrypts the next segment.</summary>
    /// <exception cref="InvalidDataException">It is not what was encrypted.</exception>
    public void Open(ReadOnlySpan<byte> secret, Span<byte> target, bool last)
    {
        try
        {
            var length = secret.Length - TagBytes;
            _aes.Decrypt(Next(last), secret[..length], secret[length..], target[..length], _name);
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new InvalidDataException("its encryption does not authenticate it", e);
        }
    }

    public void Dispose() => _aes.Dispose();

    private byte[] Next(bool last)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_nonce, fileIndex);
        BinaryPrimitives.WriteUInt32LittleEndian(_nonce.AsSpan(4), checked(_segment++));
        _nonce[8] = last ? (byte)1 : (byte)0;
        return _nonce;
    }
}
