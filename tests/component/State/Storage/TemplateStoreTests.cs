using Substrate.State.ComponentTests.Stores;
using Substrate.State.Storage;
using Substrate.State.Templates;
using Substrate.TestSupport.Polling;

namespace Substrate.State.ComponentTests.Storage;

public sealed class TemplateStoreTests(StoreProcesses stores)
{
    [Theory]
    [ClassData<EveryStore>]
    public async Task Swap_AtTheVersionRead_WritesAllOfIt(StoreKind kind)
    {
        var templates = new TemplateStore(await stores.ConnectAsync(kind));
        var record = Template(TemplatePhase.Pending);

        Assert.True(await templates.SwapAsync(0, record));
        Assert.False(await templates.SwapAsync(0, record));

        var read = await templates.GetAsync(record.Key);
        Assert.Equivalent(record, read!.Value, strict: true);
        Assert.True(await templates.SwapAsync(read.Version, record with { Phase = TemplatePhase.Ready }));
        Assert.False(await templates.SwapAsync(read.Version, record with { Phase = TemplatePhase.Failed }));
        Assert.Equal(TemplatePhase.Ready, (await templates.GetAsync(record.Key))!.Value.Phase);
        Assert.Contains(await templates.ListAsync(), known => known.Key == record.Key);
    }

    [Theory]
    [ClassData<EveryStore>]
    public async Task Swap_ByManyAtOnce_LetsExactlyOneThrough(StoreKind kind)
    {
        var templates = new TemplateStore(await stores.ConnectAsync(kind));
        var record = Template(TemplatePhase.Pending);
        await templates.SwapAsync(0, record);
        var version = (await templates.GetAsync(record.Key))!.Version;

        var swaps = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            Task.Run(() => templates.SwapAsync(version, record with { Reason = $"by {i}" }))));

        Assert.Single(swaps, static done => done);
    }

    [Theory]
    [ClassData<EveryStore>]
    public async Task Cache_TemplateIsReplaced_GivesTheNewOne(StoreKind kind)
    {
        var redis = await stores.ConnectAsync(kind);
        var templates = new TemplateStore(redis);

        // A clock that stands still: only the event can tell the cache.
        var cache = new TemplateCache(redis, templates, new Microsoft.Extensions.Time.Testing.FakeTimeProvider());
        await cache.StartAsync(TestContext.Current.CancellationToken);
        var record = Template(TemplatePhase.Ready);
        await templates.SwapAsync(0, record);
        Assert.Equal(record.Uid, (await cache.GetAsync(record.Key))!.Uid);
        var version = (await templates.GetAsync(record.Key))!.Version;

        await templates.SwapAsync(version, record with { Uid = "replaced" });

        await Eventually.TrueAsync(
            async () => (await cache.GetAsync(record.Key))!.Uid == "replaced", TimeSpan.FromSeconds(20), "the cache has the new template");
        await cache.StopAsync(TestContext.Current.CancellationToken);
    }

    private static TemplateRecord Template(TemplatePhase phase) => new()
    {
        Key = new TemplateKey("default", Fresh.Name("template")),
        Uid = Guid.NewGuid().ToString("N"),
        Phase = phase,
        Spec = new TemplateSpec
        {
            Container = new ContainerSpec { Name = "main", Image = "oci:images/counter", Command = ["/counter", "-v"], ReadyPath = "/ready" },
            Idle = new IdlePolicy { PauseAfter = TimeSpan.FromSeconds(3) },
        },
    };
}
