using Microsoft.Extensions.Time.Testing;
using Substrate.NodeAgent.Commands;
using Substrate.NodeAgent.Snapshots;
using Substrate.NodeAgent.Store;

namespace Substrate.NodeAgent.ComponentTests.Snapshots;

/// <summary>A file system of 256 KiB, which a snapshot of a megabyte does not fit into.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    private readonly CommandRunner _runner = new(TimeProvider.System);
    private readonly SnapshotFixture _fixture = new();
    private readonly string _small = Directory.CreateTempSubdirectory("small-").FullName;
    private bool _mounted;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _mounted = (await _runner.RunAsync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", _small], Bound, Ct)).Succeeded;

    public async ValueTask DisposeAsync()
    {
        if (_mounted)
        {
            var unmounted = await _runner.RunAsync("umount", [_small], Bound, CancellationToken.None);
            Assert.True(unmounted.Succeeded, unmounted.LastLine);
        }

        Directory.Delete(_small, recursive: true);
        _fixture.Dispose();
    }

    [Fact]
    public async Task Upload_StoreFull_IsUnavailableAndLeavesNothingBehind()
    {
        Assert.SkipUnless(_mounted, "mounting a file system needs root");
        var local = _fixture.Local();
        await SnapshotFixture.CommitAsync(local, SnapshotFixture.Name, SnapshotFixture.Files(), Ct);
        await using var store = SnapshotFixture.Over(new DirectoryObjects(_small, TimeProvider.System));

        var error = await Assert.ThrowsAsync<SnapshotException>(() => store.UploadAsync(local, SnapshotFixture.Name, null, Ct));

        Assert.Equal(SnapshotProblem.StoreUnavailable, error.Problem);
        Assert.Contains(_small, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_small, ".staged")));
        await local.OpenVerifiedAsync(SnapshotFixture.Name, SnapshotFixture.Runtime, Ct);
    }

    [Fact]
    public async Task Fetch_NodeFull_IsUnavailableAndLeavesNothingBehind()
    {
        Assert.SkipUnless(_mounted, "mounting a file system needs root");
        var source = _fixture.Local();
        await using var store = _fixture.Store();
        await SnapshotFixture.CommitAsync(source, SnapshotFixture.Name, SnapshotFixture.Files(), Ct);
        await store.UploadAsync(source, SnapshotFixture.Name, null, Ct);
        var target = new LocalSnapshots(_small, new FakeTimeProvider());

        var error = await Assert.ThrowsAsync<SnapshotException>(() => store.FetchAsync(SnapshotFixture.Name, target, Ct));

        Assert.Equal(SnapshotProblem.StoreUnavailable, error.Problem);
        Assert.Contains(_small, error.Message, StringComparison.Ordinal);
        Assert.Null(target.Find(SnapshotFixture.Name));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_small, ".staged")));
    }
}
