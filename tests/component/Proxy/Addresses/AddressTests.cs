using System.Net;
using System.Net.Http.Json;
using Substrate.Proxy.ComponentTests.World;
using Substrate.State.Actors;
using Substrate.State.Templates;
using Substrate.TestSupport.Polling;
using Substrate.TestSupport.Redis;

namespace Substrate.Proxy.ComponentTests.Addresses;

public sealed class AddressTests(RedisServer redis) : IClassFixture<RedisServer>
{
    [Theory]
    [InlineData("http://alice.demo.actors.localhost/")]
    [InlineData("http://ALICE.Demo.Actors.LocalHost:8000/")]
    [InlineData("http://alice.demo.actors.localhost./")]
    [InlineData("http://alice.demo.actors.resources.substrate.ate.dev/")]
    [InlineData("http://localhost/actors/demo/alice/")]
    [InlineData("http://[::1]:8000/actors/demo/alice/")]
    [InlineData("http://10.1.2.3/actors/demo/alice/")]
    [InlineData("http://nobodys.example.com/actors/demo/alice/")]
    public async Task Request_EachFormOfAddress_ReachesTheActor(string address)
    {
        await using var world = await Installation.StartAsync(redis);
        await world.CreateAsync("alice");
        Assert.Equal("demo/alice", (await world.Client.GetFromJsonAsync<Echo>(address))!.Actor);
    }

    [Fact]
    public async Task Header_NamesTheActorAndStaysHere()
    {
        await using var world = await Installation.StartAsync(redis);
        await world.CreateAsync("alice");
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://localhost/x");
        request.Headers.Add("Substrate-To", "demo/alice");
        using var response = await world.Client.SendAsync(request);
        var echo = (await response.Content.ReadFromJsonAsync<Echo>())!;
        Assert.Equal(("demo/alice", "/x"), (echo.Actor, echo.Target));
        Assert.False(echo.Headers.ContainsKey("Substrate-To"));
    }

    [Fact]
    public async Task Port_Declared_IsReachedByLabelAndHeader()
    {
        await using var world = await Installation.StartAsync(redis);
        await world.ApplyAsync(TemplatePhase.Ready, "", static spec => spec with { Container = spec.Container with { Port = 80, Ports = [8081] } });
        world.Nodes[0].Ports = [8081];
        await world.CreateAsync("alice");
        Assert.Equal("demo/alice-8081", (await world.Client.GetFromJsonAsync<Echo>("http://8081--alice.demo.actors.localhost/"))!.Actor);
        Assert.Equal("demo/alice", (await world.Client.GetFromJsonAsync<Echo>("http://80--alice.demo.actors.localhost/"))!.Actor);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://localhost/x");
        request.Headers.Add("Substrate-To", "demo/alice:8081");
        using var response = await world.Client.SendAsync(request);
        Assert.Equal("demo/alice-8081", (await response.Content.ReadFromJsonAsync<Echo>())!.Actor);
        Assert.Single(world.Nodes[0].Activations);
    }

    [Fact]
    public async Task Port_NotDeclared_Is404()
    {
        await using var world = await Installation.StartAsync(redis);
        await world.CreateAsync("alice");
        using var response = await world.Client.GetAsync("http://8082--alice.demo.actors.localhost/");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("port-not-declared", Assert.Single(response.Headers.GetValues("Substrate-Reason")));
    }

    [Fact]
    public async Task Domain_OfAnActor_ReachesItUntilItIsTakenAway()
    {
        await using var world = await Installation.StartAsync(redis);
        var key = await world.CreateAsync("alice");
        const string address = "http://Shop.Example.com:8080/x";
        using var before = await world.Client.GetAsync(address);
        Assert.Equal(HttpStatusCode.NotFound, before.StatusCode);

        Assert.Null(await world.Domains.CreateAsync("shop.example.com", key));
        await Eventually.TrueAsync(async () => (await world.Client.GetAsync(address)).IsSuccessStatusCode, Installation.Soon, "the domain is known");
        var echo = (await world.Client.GetFromJsonAsync<Echo>(address))!;
        Assert.Equal(("demo/alice", "/x", "shop.example.com:8080"), (echo.Actor, echo.Target, echo.Headers["Host"]));

        Assert.True(await world.Domains.DeleteAsync("shop.example.com"));
        await Eventually.TrueAsync(
            async () => (await world.Client.GetAsync(address)).StatusCode == HttpStatusCode.NotFound, Installation.Soon, "the domain is gone");
    }

    [Fact]
    public async Task Domain_StoreAway_GoesOnForRoutesInUse()
    {
        await using var world = await Installation.StartAsync(redis, 1, ("Redis:Timeout", "00:00:00.3"));
        await world.Domains.CreateAsync("shop.example.com", await world.CreateAsync("alice"));
        await world.Client.GetFromJsonAsync<Echo>("http://shop.example.com/");
        await redis.StopAsync();
        try
        {
            Assert.Equal("demo/alice", (await world.Client.GetFromJsonAsync<Echo>("http://shop.example.com/"))!.Actor);
            using var other = await world.Client.GetAsync("http://other.example.com/");
            Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        }
        finally
        {
            await redis.StartAsync();
        }
    }

    [Fact]
    public async Task Domains_Store_KeepsOneOwnerEachAndListsInOrder()
    {
        await using var world = await Installation.StartAsync(redis, nodes: 0);
        var (alice, bob) = (new ActorKey("demo", "alice"), new ActorKey("demo", "bob"));
        foreach (var domain in new[] { "b.example.com", "a.example.com", "c.example.com" })
        {
            Assert.Null(await world.Domains.CreateAsync(domain, alice));
        }

        Assert.Null(await world.Domains.CreateAsync("a.example.com", alice));
        Assert.Equal(alice, await world.Domains.CreateAsync("a.example.com", bob));
        Assert.Equal([("a.example.com", alice), ("b.example.com", alice)], await world.Domains.ListAsync("", 2));
        Assert.Equal([("c.example.com", alice)], await world.Domains.ListAsync("b.example.com", 2));
        Assert.True(await world.Domains.DeleteAsync("c.example.com"));
        Assert.False(await world.Domains.DeleteAsync("c.example.com"));
        Assert.Empty(await world.Domains.ListAsync("b.example.com", 2));
    }
}
