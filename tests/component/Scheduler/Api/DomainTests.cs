using Grpc.Core;
using Substrate.Scheduler.ComponentTests.Fakes;

namespace Substrate.Scheduler.ComponentTests.Api;

public sealed class DomainTests
{
    [Fact]
    public async Task Domain_CreatedListedAndDeleted()
    {
        await using var cluster = await Cluster.EmptyAsync();
        await cluster.AddSchedulerAsync();
        var alice = await cluster.CreateAsync("alice");
        var bob = await cluster.CreateAsync("bob");
        foreach (var name in new[] { "c.example.com", "a.example.com", "b.example.com" })
        {
            var created = await cluster.Admin.CreateDomainAsync(new() { Name = name, Atespace = alice.Atespace, Actor = alice.Name });
            Assert.Equal((name, "alice"), (created.Name, created.Actor));
        }

        var first = await cluster.Admin.ListDomainsAsync(new() { PageSize = 2 });
        Assert.Equal(["a.example.com", "b.example.com"], first.Domains.Select(static d => d.Name));
        var rest = await cluster.Admin.ListDomainsAsync(new() { PageSize = 2, PageToken = first.NextPageToken });
        Assert.Equal(("c.example.com", ""), (Assert.Single(rest.Domains).Name, rest.NextPageToken));

        await ControlTests.ThrowsAsync(
            () => cluster.Admin.CreateDomainAsync(new() { Name = "a.example.com", Atespace = bob.Atespace, Actor = bob.Name }).ResponseAsync,
            StatusCode.AlreadyExists, "Domain a.example.com names actor demo/alice already");
        await cluster.Admin.DeleteDomainAsync(new() { Name = "a.example.com" });
        await ControlTests.ThrowsAsync(
            () => cluster.Admin.DeleteDomainAsync(new() { Name = "a.example.com" }).ResponseAsync, StatusCode.NotFound, "Domain a.example.com not found");
        await cluster.Admin.CreateDomainAsync(new() { Name = "a.example.com", Atespace = bob.Atespace, Actor = bob.Name });
    }

    [Theory]
    [InlineData("", "demo", "alice", StatusCode.InvalidArgument, "name is required")]
    [InlineData("localhost", "demo", "alice", StatusCode.InvalidArgument, "invalid name: must be a lower case DNS name of at least two labels, such as agent.example.com")]
    [InlineData("a.example.com", "demo", "", StatusCode.InvalidArgument, "actor is required")]
    [InlineData("a.example.com", "demo", "nobody", StatusCode.NotFound, "Actor nobody not found")]
    public async Task Domain_WrongInput_IsRefused(string name, string atespace, string actor, StatusCode code, string message)
    {
        await using var cluster = await Cluster.EmptyAsync();
        await cluster.AddSchedulerAsync();
        await ControlTests.ThrowsAsync(() => cluster.Admin.CreateDomainAsync(new() { Name = name, Atespace = atespace, Actor = actor }).ResponseAsync, code, message);
    }
}
