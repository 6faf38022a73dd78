using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Substrate.NodeAgent.V1;
using Substrate.Proxy.ComponentTests.World;
using Substrate.State.Templates;
using Substrate.TestSupport.Polling;
using Substrate.TestSupport.Redis;

namespace Substrate.Proxy.ComponentTests.Answers;

public sealed class ProblemTests(RedisServer redis) : IClassFixture<RedisServer>
{
    [Fact]
    public async Task Request_UnknownActor_Is404AndNamesIt()
    {
        await using var world = await Installation.StartAsync(redis);
        using var response = await world.Client.GetAsync(Installation.At("nobody"));
        var problem = await AssertProblemAsync(response, 404, "actor-not-found");
        Assert.Equal("nobody", problem.GetProperty("actor").GetString());
        Assert.Equal("demo", problem.GetProperty("atespace").GetString());
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("http://localhost/", 404, "no-actor-named")]
    [InlineData("http://alice.actors.localhost/", 400, "bad-host")]
    [InlineData("http://a.b.c.actors.localhost/", 400, "bad-host")]
    [InlineData("http://localhost/actors/demo", 400, "bad-path")]
    [InlineData("http://localhost/metrics", 404, "no-actor-named")]
    public async Task Request_NamingNoActor_SaysHowActorsAreNamed(string address, int status, string reason)
    {
        await using var world = await Installation.StartAsync(redis);
        using var response = await world.Client.GetAsync(address);
        var problem = await AssertProblemAsync(response, status, reason);
        Assert.Contains("ACTOR", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_PlainTextPreferred_IsAnsweredInPlainText()
    {
        await using var world = await Installation.StartAsync(redis);
        using var request = new HttpRequestMessage(HttpMethod.Get, Installation.At("nobody"));
        request.Headers.Add("Accept", "text/plain");
        using var response = await world.Client.SendAsync(request);
        Assert.Equal("text/plain", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("'nobody'", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_TemplateFailed_Is503WithItsReason()
    {
        await using var world = await Installation.StartAsync(redis);
        await world.ApplyAsync(TemplatePhase.Failed, "the process ended with code 3");
        await world.CreateAsync("alice");
        using var response = await world.Client.GetAsync(Installation.At("alice"));
        var problem = await AssertProblemAsync(response, 503, "template-not-ready");
        Assert.Contains("the process ended with code 3", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_NodeSaysFailed_Is503WithItsReason()
    {
        await using var world = await Installation.StartAsync(redis);
        var key = await world.CreateAsync("alice");
        world.Nodes[0].Before = async request =>
        {
            await world.Store.FailAsync(key, request.Epoch, "node-0", "never became ready");
            return new ActivateReply { Outcome = ActivateReply.Types.Outcome.Failed, Reason = "never became ready" };
        };
        using var response = await world.Client.GetAsync(Installation.At("alice"));
        var problem = await AssertProblemAsync(response, 503, "activation-failed");
        Assert.Contains("never became ready", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_NoNodeInTime_Is503WithRetryAfter()
    {
        await using var world = await Installation.StartAsync(redis, 0, ("Proxy:HoldTimeout", "00:00:00.5"));
        await world.CreateAsync("alice");
        using var response = await world.Client.GetAsync(Installation.At("alice"));
        await AssertProblemAsync(response, 503, "no-node");
        Assert.True(response.Headers.RetryAfter!.Delta > TimeSpan.Zero);
    }

    [Fact]
    public async Task Browser_WaitsLongerThanPeopleDo_GetsAPageThatLoadsItselfAgain()
    {
        await using var world = await Installation.StartAsync(redis, 1, ("Proxy:BrowserPatience", "00:00:00.2"));
        await world.CreateAsync("alice");
        var gate = new TaskCompletionSource<ActivateReply?>(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Nodes[0].Before = _ => gate.Task;
        var patient = world.AskAsync("alice");
        using var request = new HttpRequestMessage(HttpMethod.Get, Installation.At("alice"));
        request.Headers.Add("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        request.Headers.Add("Sec-Fetch-Mode", "navigate");
        using var response = await world.Client.SendAsync(request);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "text/html"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.Contains("http-equiv=\"refresh\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("actor-waking", Assert.Single(response.Headers.GetValues("Substrate-Reason")));
        Assert.True(response.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        gate.SetResult(null);
        Assert.Equal("demo/alice", (await patient).Actor);
    }

    [Fact]
    public async Task Request_ActivationTakesTooLong_Is504()
    {
        await using var world = await Installation.StartAsync(redis, 1, ("Proxy:HoldTimeout", "00:00:00.3"));
        await world.CreateAsync("alice");
        var gate = new TaskCompletionSource<ActivateReply?>(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Nodes[0].Before = _ => gate.Task;
        using var response = await world.Client.GetAsync(Installation.At("alice"));
        await AssertProblemAsync(response, 504, "hold-timeout");
        gate.SetResult(null);
        await Eventually.TrueAsync(
            async () => (await world.Client.GetAsync(Installation.At("alice"))).IsSuccessStatusCode, Installation.Soon, "the actor that was late answers");
    }

    [Fact]
    public async Task Requests_OverALimit_Are503UntilPlacesAreFree()
    {
        await using var world = await Installation.StartAsync(redis, 1, ("Proxy:HeldPerActor", "2"), ("Proxy:HeldTotal", "4"));
        await world.CreateAsync("alice");
        await world.CreateAsync("bob");
        var gate = new TaskCompletionSource<ActivateReply?>(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Nodes[0].Before = _ => gate.Task;
        var flights = world.Proxy.Services.GetRequiredService<Activation.Flights>();
        var held = new List<Task<Echo>> { world.AskAsync("alice"), world.AskAsync("alice") };
        await Eventually.TrueAsync(() => flights.HeldNow == 2, Installation.Soon, "two requests are held");
        using var second = await world.Client.GetAsync(Installation.At("alice"));
        await AssertProblemAsync(second, 503, "actor-queue-full");
        Assert.True(second.Headers.RetryAfter!.Delta > TimeSpan.Zero);

        held.Add(world.AskAsync("bob"));
        await Eventually.TrueAsync(() => flights.HeldNow == 3, Installation.Soon, "three requests are held");
        await world.CreateAsync("carol");
        using var third = await world.Client.GetAsync(Installation.At("carol"));
        await AssertProblemAsync(third, 503, "atespace-queue-full");

        gate.SetResult(null);
        await Task.WhenAll(held);
        Assert.Equal(0, flights.HeldNow);
        Assert.Equal("demo/bob", (await world.AskAsync("bob")).Actor);
    }

    [Fact]
    public async Task Request_StoreAway_HotRoutesGoOnAndOthersFailClearly()
    {
        await using var world = await Installation.StartAsync(redis, 1, ("Proxy:HoldTimeout", "00:00:01"), ("Redis:Timeout", "00:00:00.3"));
        await world.CreateAsync("alice");
        await world.AskAsync("alice");
        await redis.StopAsync();
        try
        {
            Assert.Equal("demo/alice", (await world.AskAsync("alice")).Actor);
            using var response = await world.Client.GetAsync(Installation.At("bob"));
            await AssertProblemAsync(response, 504);
        }
        finally
        {
            await redis.StartAsync();
        }
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("DELETE")]
    public async Task Request_ThatMayHaveBeenExecuted_IsNotRepeated(string method)
    {
        await using var world = await Installation.StartAsync(redis);
        var key = await world.CreateAsync("alice");
        await world.AskAsync("alice");
        var actor = world.Nodes[0].Actors[key];
        actor.Resets = 1;
        using var request = new HttpRequestMessage(new HttpMethod(method), Installation.At("alice", "/reset"));
        using var response = await world.Client.SendAsync(request);
        await AssertProblemAsync(response, 502, "actor-connection-broken");
        Assert.Equal(2, actor.Requests.Count);
    }

    [Fact]
    public async Task Request_SafeAndWithoutAnswer_IsRepeatedOnce()
    {
        await using var world = await Installation.StartAsync(redis);
        var key = await world.CreateAsync("alice");
        await world.AskAsync("alice");
        var actor = world.Nodes[0].Actors[key];
        actor.Resets = 1;
        Assert.Equal("demo/alice", (await world.AskAsync("alice", "/reset")).Actor);
        Assert.Equal(3, actor.Requests.Count);
    }

    [Fact]
    public async Task Answer_BreaksHalfWay_BreaksForTheCallerAndIsNotRepeated()
    {
        await using var world = await Installation.StartAsync(redis);
        var key = await world.CreateAsync("alice");
        using var response = await world.Client.GetAsync(Installation.At("alice", "/half"), HttpCompletionOption.ResponseHeadersRead);
        world.Nodes[0].Actors[key].Next.Release();
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync());
        Assert.Single(world.Nodes[0].Actors[key].Requests);
    }

    private static async Task<JsonElement> AssertProblemAsync(HttpResponseMessage response, int status, string? reason = null)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((HttpStatusCode)status == response.StatusCode, $"{(int)response.StatusCode}: {text}");
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.Equal(problem.GetProperty("reason").GetString(), Assert.Single(response.Headers.GetValues("Substrate-Reason")));
        if (reason is not null)
        {
            Assert.Equal(reason, problem.GetProperty("reason").GetString());
        }

        return problem;
    }
}
