using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Options;
using Substrate.Proxy.ComponentTests.World;
using Substrate.TestSupport.Redis;

namespace Substrate.Proxy.ComponentTests.Operation;

public sealed class OperationTests(RedisServer redis) : IClassFixture<RedisServer>
{
    [Fact]
    public async Task Ops_OfAProxyThatCanServe_AreAnsweredThereOnly()
    {
        await using var world = await Installation.StartAsync(redis);
        await world.CreateAsync("alice");
        await world.AskAsync("alice");
        using var client = new HttpClient { BaseAddress = world.Ops };
        Assert.Equal("ok\n", await client.GetStringAsync("/healthz"));
        Assert.Equal("ok\n", await client.GetStringAsync("/readyz"));
        var metrics = await client.GetStringAsync("/metrics");
        Assert.Contains("substrate_proxy_requests_total{code=\"2xx\",route=\"held\"}", metrics, StringComparison.Ordinal);
        Assert.Contains("substrate_proxy_activation_seconds_bucket{outcome=\"Running\",phase=\"restore\"", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("alice", metrics, StringComparison.Ordinal);
        using var actor = new HttpRequestMessage(HttpMethod.Get, "/");
        actor.Headers.Host = "alice.demo.actors.localhost";
        using var response = await client.SendAsync(actor);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        using var toActor = await world.Client.GetAsync(Installation.At("alice", "/healthz"));
        Assert.Contains("demo/alice", await toActor.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ready_WithoutNodes_Is503WithTheReason()
    {
        await using var world = await Installation.StartAsync(redis, nodes: 0);
        using var client = new HttpClient { BaseAddress = world.Ops };
        using var response = await client.GetAsync("/readyz");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "No node is alive.\n"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Token_WhenConfigured_GoesWithEveryCallToANode()
    {
        await using var world = await Installation.StartAsync(redis, 1, ("Substrate:Token", "s3cret"));
        await world.CreateAsync("alice");
        await world.AskAsync("alice");
        Assert.Equal("Bearer s3cret", Assert.Single(world.Nodes[0].Headers).GetValue("authorization"));
    }

    [Fact]
    public async Task Suffixes_WhenConfigured_ReplaceTheDefault()
    {
        await using var world = await Installation.StartAsync(redis, 1, ("Proxy:Suffixes:0", "agents.example.com"));
        await world.CreateAsync("alice");
        Assert.Contains("demo/alice", await world.Client.GetStringAsync("http://alice.demo.agents.example.com/"), StringComparison.Ordinal);
        using var other = await world.Client.GetAsync(Installation.At("alice"));
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    [Fact]
    public void Create_WrongOption_FailsAndNamesIt()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Create(("Proxy:HeldTotal", "0")));
        Assert.Contains("HeldTotal", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PortTaken_FailsAndNamesIt()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var proxy = Create(("Proxy:Listen", $"http://127.0.0.1:{port}"));
        var failure = await Assert.ThrowsAsync<IOException>(() => proxy.StartAsync());
        Assert.Contains($"{port}", failure.Message, StringComparison.Ordinal);
        await proxy.StopAsync();
    }

    [Fact]
    public async Task Stop_WithConnectionsThatSentNothing_IsQuick()
    {
        await using var world = await Installation.StartAsync(redis);
        using var silent = new TcpClient();
        await silent.ConnectAsync(world.Address.Host, world.Address.Port);
        var start = TimeProvider.System.GetTimestamp();
        await world.Proxy.StopAsync();
        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(10));
    }

    private WebApplication Create(params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["Redis:ConnectionString"] = redis.ConnectionString,
            ["Proxy:Listen"] = "http://127.0.0.1:0",
            ["Proxy:OpsListen"] = "",
            ["Host:Embedded"] = "true",
        };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        return ProxyHost.Create([], all);
    }
}
