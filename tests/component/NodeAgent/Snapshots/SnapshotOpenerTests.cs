using Substrate.NodeAgent.Snapshots;

namespace Substrate.NodeAgent.ComponentTests.Snapshots;

public sealed class SnapshotOpenerTests : IDisposable
{
    private static readonly SnapshotName Name = SnapshotFixture.Name;
    private readonly SnapshotFixture _fixture = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Open_OnlyInTheStore_IsFetched()
    {
        var source = _fixture.Local("one");
        var local = _fixture.Local("two");
        await using var store = _fixture.Store();
        await using var opener = new SnapshotOpener(local, store);
        await SnapshotFixture.CommitAsync(source, Name, SnapshotFixture.Files(), Ct);
        await store.UploadAsync(source, Name, null, Ct);

        Assert.Equal(SnapshotFixture.Files(), SnapshotFixture.Read(await opener.OpenAsync(Name, SnapshotFixture.Runtime, Ct)));
    }

    [Theory]
    [InlineData("pages.img")]
    [InlineData("manifest.json")]
    public async Task Open_LocalCopyDamaged_IsReplacedFromTheStore(string file)
    {
        var local = _fixture.Local();
        await using var store = _fixture.Store();
        await using var opener = new SnapshotOpener(local, store);
        await SnapshotFixture.CommitAsync(local, Name, SnapshotFixture.Files(), Ct);
        await store.UploadAsync(local, Name, null, Ct);
        new Damage(Path.Combine(local.Find(Name)!, file), 0.5, 3, Cut: false).Apply();

        var paths = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => opener.OpenAsync(Name, SnapshotFixture.Runtime, Ct)));

        Assert.All(paths, path => Assert.Equal(SnapshotFixture.Files(), SnapshotFixture.Read(path)));
    }

    [Fact]
    public async Task Open_OnlyCopyDamaged_IsReportedAndKept()
    {
        var local = _fixture.Local();
        await using var store = _fixture.Store();
        await using var opener = new SnapshotOpener(local, store);
        await SnapshotFixture.CommitAsync(local, Name, SnapshotFixture.Files(), Ct);
        new Damage(Path.Combine(local.Find(Name)!, "pages.img"), 0.5, 3, Cut: false).Apply();

        var error = await Assert.ThrowsAsync<SnapshotException>(() => opener.OpenAsync(Name, SnapshotFixture.Runtime, Ct));

        Assert.Equal(SnapshotProblem.Corrupt, error.Problem);
        Assert.NotNull(local.Find(Name));
    }

    [Fact]
    public async Task Open_StoreAwayButHereAlready_NeedsNoStore()
    {
        var local = _fixture.Local();
        await using var store = _fixture.Store();
        await using var opener = new SnapshotOpener(local, store);
        await SnapshotFixture.CommitAsync(local, Name, SnapshotFixture.Files(), Ct);
        Directory.Delete(_fixture.StorePath, recursive: true);

        Assert.Equal(local.Find(Name), await opener.OpenAsync(Name, SnapshotFixture.Runtime, Ct));
    }
}
