using Microsoft.Extensions.Time.Testing;
using Substrate.NodeAgent.Commands;
using Substrate.NodeAgent.Images;

namespace Substrate.NodeAgent.ComponentTests.Images;

public sealed class CollectionTests : IDisposable
{
    private static readonly TimeSpan Unused = TimeSpan.FromMinutes(10);

    private readonly LayoutFixture _fixture = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Collect_Unreferred_GoesWhenItWasLongUnused()
    {
        await using var store = Store();
        var kept = await PrepareAsync(store, "kept");
        var gone = await PrepareAsync(store, "gone");

        Assert.Empty(store.Collect(new HashSet<string> { kept.Digest }, Unused));
        _time.Advance(Unused);
        Assert.Equal([gone.Digest], store.Collect(new HashSet<string> { kept.Digest }, Unused));

        Assert.Equal([Path.GetDirectoryName(kept.RootfsPath)!], Directory.GetFileSystemEntries(_fixture.StorePath));
        var again = await store.PrepareAsync($"oci:{_fixture.Layout}:gone", gone.Digest, Ct);
        Assert.True(File.Exists(Path.Combine(again.RootfsPath, "a")));
    }

    [Fact]
    public async Task Collect_AskedForAgain_Stays()
    {
        await using var store = Store();
        var image = await PrepareAsync(store, "x");
        _time.Advance(Unused);
        await store.PrepareAsync($"oci:{_fixture.Layout}:x", image.Digest, Ct);

        Assert.Empty(store.Collect(new HashSet<string>(), Unused));
    }

    [Fact]
    public async Task Collect_AfterARestart_WaitsAsLong()
    {
        await using (var before = Store())
        {
            await PrepareAsync(before, "x");
        }

        await using var store = Store();
        Assert.Empty(store.Collect(new HashSet<string>(), Unused));
        _time.Advance(Unused);
        Assert.Single(store.Collect(new HashSet<string>(), Unused));
        Assert.Empty(Directory.GetFileSystemEntries(_fixture.StorePath));
    }

    private ImageStore Store() => new(_fixture.StorePath, new CommandRunner(TimeProvider.System), LayoutFixture.NoRegistries, ImageLimits.Default, _time);

    private async Task<UnpackedImage> PrepareAsync(ImageStore store, string tag)
    {
        _fixture.AddImage(tag, layers: [new TarLayer().File("a", tag)]);
        return await store.PrepareAsync($"oci:{_fixture.Layout}:{tag}", null, Ct);
    }
}
