using System.Buffers;
using System.Security.Cryptography;

namespace Substrate.NodeAgent.Images;

/// <summary>The one kind of digest used here: <c>sha256:</c> and 64 lower-case hexadecimal digits.</summary>
internal static class ImageDigest
{
    private const string Prefix = "sha256:";
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    public static bool IsValid(string? digest) =>
        digest is { Length: 71 }
        && digest.StartsWith(Prefix, StringComparison.Ordinal)
        && !digest.AsSpan(Prefix.Length).ContainsAnyExcept(HexDigits);

    public static string Of(ReadOnlySpan<byte> content) => Prefix + Convert.ToHexStringLower(SHA256.HashData(content));

    public static string Of(IncrementalHash content) => Prefix + Convert.ToHexStringLower(content.GetHashAndReset());

    /// <summary>The hexadecimal part of a valid digest: the name of its blob.</summary>
    public static string Hex(string digest) => digest[Prefix.Length..];
}
