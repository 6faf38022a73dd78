using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Substrate.Scheduler.ComponentTests.Fakes;

namespace Substrate.Scheduler.ComponentTests.Api;

public sealed class JsonTests
{
    [Fact]
    public async Task Api_AsJson_ServesTheSameCallsWithTheSameRules()
    {
        await using var cluster = await Cluster.EmptyAsync();
        var app = await cluster.AddSchedulerAsync(("Substrate:Token", "secret"));
        using var handler = new SocketsHttpHandler { SslOptions = new() { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=substrate" } };
        using var client = new HttpClient(handler) { BaseAddress = new(Cluster.Address(app)) };

        using var anonymous = await client.GetAsync("/v1/statistics", Cluster.Token);
        Assert.Equal((HttpStatusCode.Unauthorized, "missing bearer token"), (anonymous.StatusCode, await MessageAsync(anonymous)));

        client.DefaultRequestHeaders.Authorization = new("Bearer", "secret");
        using var created = await client.PostAsJsonAsync(
            "/v1/actors", new { actorRef = new { atespace = "demo", name = "alice" }, actorTemplateNamespace = "demo", actorTemplateName = "counter" }, Cluster.Token);
        Assert.Equal(HttpStatusCode.OK, created.StatusCode);
        var actor = (await client.GetFromJsonAsync<JsonObject>("/v1/atespaces/demo/actors/alice", Cluster.Token))!["actor"]!;
        Assert.Equal(("alice", "STATUS_SUSPENDED"), ((string?)actor["actorId"], (string?)actor["status"]));
        using var missing = await client.GetAsync("/v1/atespaces/demo/actors/bob", Cluster.Token);
        Assert.Equal((HttpStatusCode.NotFound, "Actor bob not found"), (missing.StatusCode, await MessageAsync(missing)));
        using var wrong = await client.GetAsync("/v1/atespaces/De_mo/actors/bob", Cluster.Token);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task OpenApi_Document_DescribesEveryAnnotatedCall()
    {
        await using var cluster = await Cluster.EmptyAsync();
        var app = await cluster.AddSchedulerAsync();
        using var handler = new SocketsHttpHandler { SslOptions = new() { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=substrate" } };
        using var client = new HttpClient(handler) { BaseAddress = new(Cluster.Address(app)) };

        var document = (await client.GetFromJsonAsync<JsonObject>("/openapi.json", Cluster.Token))!;
        var get = document["paths"]!["/v1/atespaces/{actor_ref.atespace}/actors/{actor_ref.name}"]!["get"]!;
        Assert.Equal("Control_GetActor", (string?)get["operationId"]);
        Assert.Equal("#/components/schemas/ateapi.GetActorResponse", (string?)get["responses"]!["200"]!["content"]!["application/json"]!["schema"]!["$ref"]);
        Assert.NotNull(document["components"]!["schemas"]!["substrate.v1.Timer"]);
    }

    private static async Task<string?> MessageAsync(HttpResponseMessage answer) => (string?)(await answer.Content.ReadFromJsonAsync<JsonObject>(Cluster.Token))!["message"];
}
