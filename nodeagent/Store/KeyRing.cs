using System.Security.Cryptography;
using System.Text;
using Substrate.NodeAgent.Snapshots.Packing;

namespace Substrate.NodeAgent.Store;

/// <summary>
/// The keys that data keys of snapshots are wrapped with, from a file of lines <c>NAME BASE64</c> (32 bytes each; <c>#</c> starts a
/// comment). The first one wraps what is written from now on; the others open what was written before. The file is read at each use,
/// so that a new key needs no restart.
/// </summary>
/// <param name="file">The file; empty to write snapshots unencrypted. Encrypted ones then cannot be read.</param>
internal sealed class KeyRing(string file)
{
    private const int NonceBytes = 12;

    /// <summary>True when snapshots are written encrypted.</summary>
    public bool Encrypts => file.Length > 0;

    /// <summary>Wraps a data key with the first key.</summary>
    /// <param name="dataKey">The key to wrap.</param>
    /// <param name="context">What the data key belongs to; it opens for nothing else.</param>
    /// <returns>The name of the key, and nonce, secret and tag as base64.</returns>
    /// <exception cref="IOException">There is no usable key.</exception>
    public (string Key, string Wrapped) Wrap(ReadOnlySpan<byte> dataKey, string context)
    {
        var (name, key) = Read()[0];
        var wrapped = new byte[NonceBytes + dataKey.Length + SegmentCipher.TagBytes];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(key, SegmentCipher.TagBytes);
        aes.Encrypt(
            wrapped.AsSpan(0, NonceBytes), dataKey, wrapped.AsSpan(NonceBytes, dataKey.Length), wrapped.AsSpan(NonceBytes + dataKey.Length), Encoding.UTF8.GetBytes(context));
        return (name, Convert.ToBase64String(wrapped));
    }

    /// <summary>The data key that was wrapped with the key named <paramref name="name"/> for <paramref name="context"/>.</summary>
    /// <exception cref="CryptographicException">The key is not there, or is another one; the message says which and what to do.</exception>
    public byte[] Unwrap(string name, string wrapped, string context)
    {
        if (!Encrypts)
        {
            throw new CryptographicException($"it is encrypted with key '{name}', and Store:KeyFile is not set");
        }

        var keys = Read();
        var found = keys.FirstOrDefault(k => k.Name == name);
        if (found.Key is null)
        {
            throw new CryptographicException(
                $"it is encrypted with key '{name}', which {file} does not have (it has {string.Join(", ", keys.Select(static k => $"'{k.Name}'"))}); add that key below the first line");
        }

        var bytes = new byte[wrapped.Length];
        if (!Convert.TryFromBase64String(wrapped, bytes, out var length) || length != NonceBytes + SegmentCipher.KeyBytes + SegmentCipher.TagBytes)
        {
            throw new CryptographicException("its manifest has a data key of another form");
        }

        var dataKey = new byte[SegmentCipher.KeyBytes];
        using var aes = new AesGcm(found.Key, SegmentCipher.TagBytes);
        try
        {
            aes.Decrypt(
                bytes.AsSpan(0, NonceBytes),
                bytes.AsSpan(NonceBytes, SegmentCipher.KeyBytes),
                bytes.AsSpan(NonceBytes + SegmentCipher.KeyBytes, SegmentCipher.TagBytes),
                dataKey,
                Encoding.UTF8.GetBytes(context));
            return dataKey;
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new CryptographicException($"key '{name}' of {file} does not open it: the file has another key under that name, or the manifest was altered", e);
        }
    }

    /// <summary>True when something wrapped with the key of that name should be wrapped anew.</summary>
    public bool IsOld(string name) => Encrypts && Read()[0].Name != name;

    private List<(string Name, byte[] Key)> Read()
    {
        var keys = new List<(string, byte[])>();
        var number = 0;
        foreach (var line in File.ReadAllLines(file))
        {
            number++;
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || words[0].StartsWith('#'))
            {
                continue;
            }

            var key = new byte[SegmentCipher.KeyBytes + 1];
            if (words.Length != 2 || !Convert.TryFromBase64String(words[1], key, out var length) || length != SegmentCipher.KeyBytes)
            {
                // The line itself stays out of the message: it may hold a key.
                throw new IOException($"Store:KeyFile {file}, line {number}: a line is NAME and 32 bytes in base64, for instance from: openssl rand -base64 32");
            }

            keys.Add((words[0], key[..length]));
        }

        return keys.Count > 0 ? keys : throw new IOException($"Store:KeyFile {file} has no key");
    }
}
