using System.Net;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using Microsoft.Extensions.Options;
using Substrate.AteApi;
using Substrate.Scheduler.ComponentTests.Fakes;

namespace Substrate.Scheduler.ComponentTests.Operations;

public sealed class HostTests
{
    [Fact]
    public async Task Token_Configured_IsDemandedOfEveryCallButHealth()
    {
        await using var cluster = await Cluster.EmptyAsync();
        var app = await cluster.AddSchedulerAsync(("Substrate:Token", "open sesame"));

        await RefusedAsync([], "missing bearer token");
        await RefusedAsync(new() { { "authorization", "Basic x" } }, "missing bearer token");
        await RefusedAsync(new() { { "authorization", "Bearer wrong" } }, "invalid bearer token: it is not the one that Substrate:Token names");
        await cluster.Control.ListAtespacesAsync(new(), new Metadata { { "authorization", "Bearer open sesame" } });
        var health = await new Health.HealthClient(cluster.Channel(Cluster.Address(app))).CheckAsync(new(), cancellationToken: Cluster.Token);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);

        async Task RefusedAsync(Metadata headers, string message)
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => cluster.Control.ListAtespacesAsync(new(), headers).ResponseAsync);
            Assert.Equal((StatusCode.Unauthenticated, message), (error.StatusCode, error.Status.Detail));
        }
    }

    [Fact]
    public async Task Reflection_ListsTheServices()
    {
        await using var cluster = await Cluster.EmptyAsync();
        var app = await cluster.AddSchedulerAsync();
        using var call = new ServerReflection.ServerReflectionClient(cluster.Channel(Cluster.Address(app))).ServerReflectionInfo(cancellationToken: Cluster.Token);
        await call.RequestStream.WriteAsync(new() { ListServices = "" }, Cluster.Token);
        Assert.True(await call.ResponseStream.MoveNext(Cluster.Token));
        var names = call.ResponseStream.Current.ListServicesResponse.Service.Select(static s => s.Name).ToList();

        Assert.Contains("ateapi.Control", names);
        Assert.Contains("substrate.v1.Admin", names);
        Assert.Contains("grpc.health.v1.Health", names);
    }

    [Fact]
    public async Task Certificate_IsMadeOnceAndReadableByItsOwnerOnly()
    {
        await using var cluster = await Cluster.EmptyAsync();
        await cluster.AddSchedulerAsync();
        var file = Assert.Single(Directory.GetFiles(cluster.DataDirectory));
        var before = await File.ReadAllBytesAsync(file, Cluster.Token);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        await cluster.AddSchedulerAsync();
        Assert.Equal(before, await File.ReadAllBytesAsync(file, Cluster.Token));
    }

    [Fact]
    public async Task OpsListener_ServesMetricsAndHealthAndNothingElse()
    {
        await using var cluster = await Cluster.EmptyAsync();
        var app = await cluster.AddSchedulerAsync(("Scheduler:OpsListen", "http://127.0.0.1:0"));
        await cluster.Control.ListActorsAsync(new());
        using var http = new HttpClient { BaseAddress = new(Cluster.Address(app, "http")) };

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/healthz", Cluster.Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/readyz", Cluster.Token)).StatusCode);
        var metrics = await http.GetStringAsync("/metrics", Cluster.Token);
        Assert.Contains("substrate_scheduler_leader", metrics, StringComparison.Ordinal);
        Assert.Contains("substrate_scheduler_api_calls_total{method=\"/ateapi.Control/ListActors\",code=\"OK\"}", metrics, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await http.PostAsync("/ateapi.Control/ListActors", null, Cluster.Token)).StatusCode);
    }

    [Fact]
    public async Task Start_BeyondLoopbackWithoutToken_IsRefusedAndSaysHow()
    {
        await using var cluster = await Cluster.EmptyAsync();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => cluster.AddSchedulerAsync(("Scheduler:Listen", "https://0.0.0.0:0")));
        Assert.Contains("SUBSTRATE_Substrate__Token", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PortTaken_SaysWhich()
    {
        await using var cluster = await Cluster.EmptyAsync();
        var app = await cluster.AddSchedulerAsync();

        var error = await Assert.ThrowsAsync<IOException>(() => cluster.AddSchedulerAsync(("Scheduler:Listen", Cluster.Address(app))));
        Assert.Contains("address already in use", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StoreAway_CallsSayUnavailable()
    {
        await using var cluster = await Cluster.EmptyAsync();
        await cluster.AddSchedulerAsync(("Redis:Timeout", "00:00:00.5"));
        await cluster.StopRedisAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => cluster.Control.GetActorAsync(new() { ActorRef = new ActorRef { Atespace = "demo", Name = "a" } }).ResponseAsync);
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
    }
}
