using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Substrate.State.Actors;

namespace Substrate.Scheduler.Api;

/// <summary>Where a listing goes on: behind which actor, and of which query.</summary>
internal static class PageToken
{
    private const string Version = "1";
    private const int SumBytes = 8;
    private const int Longest = 512;

    /// <summary>Writes the token of the page that follows <paramref name="last"/>.</summary>
    /// <param name="atespace">Atespace asked for; empty for all.</param>
    /// <param name="last">Last actor of this page.</param>
    public static string Write(string atespace, ActorKey last)
    {
        var text = Encoding.UTF8.GetBytes($"{Version}|{atespace}|{last}");
        return Base64Url.EncodeToString([.. text, .. Sum(text)]);
    }

    /// <summary>Reads a token.</summary>
    /// <returns>The message for the caller; null when the token is good.</returns>
    public static string? Read(string token, string atespace, out ActorKey after)
    {
        after = default;
        if (token.Length > Longest || !Base64Url.IsValid(token))
        {
            return "invalid page token";
        }

        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length <= SumBytes || !Sum(bytes.AsSpan(..^SumBytes)).AsSpan().SequenceEqual(bytes.AsSpan(^SumBytes..)))
        {
            return "invalid page token";
        }

        var parts = Encoding.UTF8.GetString(bytes.AsSpan(..^SumBytes)).Split('|');
        if (parts.Length != 3 || parts[0] != Version || !ActorKey.TryParse(parts[2], out after))
        {
            return "invalid page token";
        }

        return parts[1] == atespace ? null : "invalid page token: it belongs to a listing of another atespace";
    }

    // Against mistakes, not against forgery: a token opens nothing that its bearer could not list anyway.
    private static byte[] Sum(ReadOnlySpan<byte> text) => SHA256.HashData(text)[..SumBytes];
}
