using CsCheck;
using Grpc.Core;
using Substrate.Scheduler.Api;
using Substrate.State.Actors;

namespace Substrate.Scheduler.UnitTests.Api;

public sealed class PageTokensTests
{
    private static readonly ActorKey Alice = new("demo", "alice");

    private readonly PageTokens _tokens = Of(1);

    [Fact]
    public async Task Read_OwnToken_GivesThePlace() => Assert.Equal(Alice, await _tokens.ReadAsync(await _tokens.WriteAsync("q", Alice), "q"));

    [Fact]
    public async Task Read_TokenOfAnotherListing_SaysSo() =>
        await RefusedAsync("invalid page token: it belongs to a listing of something else", await _tokens.WriteAsync("", Alice), "demo");

    [Fact]
    public async Task Read_AnyText_IsRefused() => await Gen.String.SampleAsync(text => RefusedAsync("invalid page token", text, ""));

    [Fact]
    public async Task Read_AnyCharacterChanged_IsRefused()
    {
        var token = await _tokens.WriteAsync("demo", Alice);
        for (var i = 0; i < token.Length; i++)
        {
            await RefusedAsync("invalid page token", token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..], "demo");
        }
    }

    [Fact]
    public async Task Read_TokenOfAnotherInstallationOrKind_IsRefused()
    {
        await RefusedAsync("invalid page token", await Of(2).WriteAsync("q", Alice), "q");
        await RefusedAsync("invalid page token", await new TokenSigner(() => Task.FromResult(new byte[32])).WriteAsync("watch", "q", Alice.ToString()), "q");
    }

    [Fact]
    public Task Read_HugeToken_IsRefused() => RefusedAsync("invalid page token", new string('A', 4_000_000), "");

    private static PageTokens Of(byte key) => new(new TokenSigner(() => Task.FromResult(Enumerable.Repeat(key, 32).ToArray())));

    private async Task RefusedAsync(string message, string token, string query)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => _tokens.ReadAsync(token, query));
        Assert.Equal((StatusCode.InvalidArgument, message), (error.StatusCode, error.Status.Detail));
    }
}
