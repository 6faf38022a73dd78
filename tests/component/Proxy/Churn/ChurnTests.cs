using System.Globalization;
using System.Net.Http.Json;
using Substrate.Proxy.ComponentTests.World;
using Substrate.TestSupport.Redis;

namespace Substrate.Proxy.ComponentTests.Churn;

/// <summary>
/// Actors are paused, suspended and moved, crash, and lose their nodes, while callers ask them through three proxies. Each answer must come
/// from the actor that was named, not from an activation older than one that has answered before, and carry the request's own id. No
/// request fails that could be held or safely sent again, and none is executed twice that must not be. The number of requests is set by the
/// environment variable <c>SUBSTRATE_CHURN_REQUESTS</c>.
/// </summary>
public sealed class ChurnTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private const int Callers = 24;

    [Fact]
    public async Task Requests_WhileEverythingChanges_AreAnsweredByTheRightActivation()
    {
        var requests = int.Parse(Environment.GetEnvironmentVariable("SUBSTRATE_CHURN_REQUESTS") ?? "4000", CultureInfo.InvariantCulture);
        await using var world = await Installation.StartAsync(redis, nodes: 3);
        await world.AddProxyAsync();
        await world.AddProxyAsync();
        foreach (var node in world.Nodes)
        {
            node.Resolute = true;
        }

        var subjects = await Task.WhenAll(Enumerable.Range(0, 9).Select(async i => new Subject(await world.CreateAsync($"actor-{i}"))));
        var tally = new Tally(requests);
        using var stop = new CancellationTokenSource();
        var disturbing = subjects.Select((subject, i) => new Disturbance(world, subject, new Random(i)).RunAsync(stop.Token)).ToArray();
        var calling = Enumerable.Range(0, Callers).Select(caller => CallAsync(world, subjects, tally, caller)).ToArray();
        var ended = await Task.WhenAny(Task.WhenAll(calling), Task.WhenAll(disturbing));
        await ended;
        await Task.WhenAll(calling);
        await stop.CancelAsync();
        await Task.WhenAll(disturbing);

        Assert.Empty(tally.Wrong);
        AssertExecutedOnce(world);
        var (quiet, crashes) = (subjects.Sum(static s => s.Rests), subjects.Sum(static s => s.Crashes));
        Assert.True(quiet > 0 && crashes > 0, $"{quiet} rests and {crashes} crashes: nothing was disturbed");
        TestContext.Current.SendDiagnosticMessage(
            $"{requests} requests through {world.Ingresses.Count} proxies; {quiet} times put to rest, {crashes} crashes; {tally.Broken} POSTs cut by a crash and told so; nothing wrong");
    }

    private static async Task CallAsync(Installation world, Subject[] subjects, Tally tally, int caller)
    {
        using var client = world.NewClient(caller % world.Ingresses.Count);
        var random = new Random(1_000 + caller);
        while (tally.TryTake(out var number))
        {
            var subject = subjects[random.Next(subjects.Length)];
            var post = random.Next(5) == 0;
            var id = $"{(post ? "post" : "get")}-{number}";
            using var request = new HttpRequestMessage(post ? HttpMethod.Post : HttpMethod.Get, Installation.At(subject.Key.Name, "/who"));
            request.Headers.Add("X-Request-Id", id);
            request.Content = post ? new StringContent("a body") : null;
            using var asked = subject.Ask();
            using var response = await client.SendAsync(request);
            if (!response.IsSuccessStatusCode)
            {
                tally.Failed(id, post, response, await response.Content.ReadAsStringAsync());
                continue;
            }

            var echo = (await response.Content.ReadFromJsonAsync<Echo>())!;
            if (echo.Actor != subject.Key.ToString() || echo.RequestId != id || echo.Epoch < asked.Epoch
                || echo.Headers["Substrate-Epoch"] != echo.Epoch.ToString(CultureInfo.InvariantCulture))
            {
                tally.Wrong.Enqueue($"{id} to {subject.Key} after epoch {asked.Epoch} was answered by {echo}");
            }

            subject.Answered(echo.Epoch);
        }
    }

    private static void AssertExecutedOnce(Installation world)
    {
        var twice = world.Nodes.SelectMany(static n => n.Ran).SelectMany(static a => a.Requests)
            .Where(static id => id.StartsWith("post-", StringComparison.Ordinal))
            .GroupBy(static id => id).Where(static g => g.Count() > 1).Select(static g => g.Key);
        Assert.Empty(twice);
    }
}
