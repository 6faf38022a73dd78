using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;
using Substrate.State.Storage;

namespace Substrate.Scheduler.Api;

/// <summary>What a token turned out to be.</summary>
/// <param name="Authentic">A scheduler of this installation made it, for this kind of call.</param>
/// <param name="SameQuery">It was made for the query that it now comes with.</param>
/// <param name="Payload">What was put into it.</param>
internal readonly record struct ReadToken(bool Authentic, bool SameQuery, string Payload);

/// <summary>
/// Makes tokens that only this installation's schedulers can make: any of them reads what another one wrote. The key is made by the first
/// and kept in the store.
/// </summary>
internal sealed class TokenSigner(Func<Task<byte[]>> readKey)
{
    private const int KeyBytes = 32;
    private const int SumBytes = 16;
    private const int QueryBytes = 16;
    private const int Longest = 4096;

    private byte[]? _key;

    public async Task<string> WriteAsync(string kind, string query, string payload)
    {
        byte[] body = [.. QuerySum(query), .. Encoding.UTF8.GetBytes(payload)];
        return Base64Url.EncodeToString([.. Sum(await KeyAsync(), kind, body), .. body]);
    }

    public async Task<ReadToken> ReadAsync(string kind, string token, string query)
    {
        if (token.Length > Longest || !Base64Url.IsValid(token))
        {
            return default;
        }

        var key = await KeyAsync();
        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length < SumBytes + QueryBytes || Base64Url.EncodeToString(bytes) != token)
        {
            return default;
        }

        var body = bytes[SumBytes..];
        if (!CryptographicOperations.FixedTimeEquals(Sum(key, kind, body), bytes.AsSpan(..SumBytes)))
        {
            return default;
        }

        return new(true, body.AsSpan(..QueryBytes).SequenceEqual(QuerySum(query)), Encoding.UTF8.GetString(body.AsSpan(QueryBytes..)));
    }

    private static byte[] Sum(byte[] key, string kind, byte[] body) => HMACSHA256.HashData(key, (byte[])[.. Encoding.UTF8.GetBytes(kind), 0, .. body])[..SumBytes];

    private static byte[] QuerySum(string query) => SHA256.HashData(Encoding.UTF8.GetBytes(query))[..QueryBytes];

    /// <summary>The key in the store. Whoever comes first makes it; everyone reads what is there then.</summary>
    public static async Task<byte[]> SharedKeyAsync(IConnectionMultiplexer redis)
    {
        var db = redis.GetDatabase();
        await db.StringSetAsync(Keys.PageTokenSecret, RandomNumberGenerator.GetBytes(KeyBytes), when: When.NotExists);
        return (byte[])(await db.StringGetAsync(Keys.PageTokenSecret))!;
    }

    private async Task<byte[]> KeyAsync() => _key ??= await readKey();
}
