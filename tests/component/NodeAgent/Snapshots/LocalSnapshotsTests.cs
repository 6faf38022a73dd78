using CsCheck;
using Substrate.NodeAgent.Snapshots;
using Substrate.State.Actors;
using Substrate.State.Templates;

namespace Substrate.NodeAgent.ComponentTests.Snapshots;

public sealed class LocalSnapshotsTests : IDisposable
{
    private static readonly SnapshotName Name = SnapshotFixture.Name;
    private readonly SnapshotFixture _fixture = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Commit_StagedFiles_AreFoundVerifiedAndListed()
    {
        var local = _fixture.Local();
        Assert.Null(local.Find(Name));

        var manifest = await SnapshotFixture.CommitAsync(local, Name, SnapshotFixture.Files(), Ct);

        var path = await local.OpenVerifiedAsync(Name, SnapshotFixture.Runtime, Ct);
        Assert.Equal(local.Find(Name), path);
        Assert.Equal(SnapshotFixture.Files(), SnapshotFixture.Read(path));
        Assert.Equal([Name], local.List());
        Assert.Equal(1_008_597, manifest.RawBytes);
        Assert.InRange(local.Bytes(Name), 1_005_078, 1_010_000);
        Assert.Equal(1, (await local.ReadManifestAsync(Name, Ct)).Epoch);
    }

    [Fact]
    public async Task Commit_SecondOfTheSameName_IsRefusedAndTheFirstStays()
    {
        var local = _fixture.Local();
        await SnapshotFixture.CommitAsync(local, Name, SnapshotFixture.Files(1), Ct);

        await Assert.ThrowsAsync<InvalidOperationException>(() => SnapshotFixture.CommitAsync(local, Name, SnapshotFixture.Files(2), Ct));

        Assert.Equal(SnapshotFixture.Files(1), SnapshotFixture.Read(await local.OpenVerifiedAsync(Name, SnapshotFixture.Runtime, Ct)));
    }

    [Fact]
    public async Task Commit_NothingStaged_IsRefused()
    {
        var local = _fixture.Local();

        var error = await Assert.ThrowsAsync<SnapshotException>(() => SnapshotFixture.CommitAsync(local, Name, new Dictionary<string, byte[]>(), Ct));

        Assert.Equal(SnapshotProblem.Corrupt, error.Problem);
        Assert.Null(local.Find(Name));
    }

    [Fact]
    public async Task Commit_SymbolicLinkAmongTheFiles_IsRefused()
    {
        var local = _fixture.Local();
        var staged = local.Stage(Name);
        File.CreateSymbolicLink(Path.Combine(staged, "pages.img"), "/etc/passwd");

        await Assert.ThrowsAsync<SnapshotException>(() => local.CommitAsync(Name, staged, SnapshotFixture.Facts, Ct));

        Assert.Null(local.Find(Name));
    }

    [Fact]
    public async Task Construction_AfterACrash_RemovesWhatWasStagedAndKeepsWhatWasCommitted()
    {
        var before = _fixture.Local();
        await SnapshotFixture.CommitAsync(before, Name, SnapshotFixture.Files(), Ct);
        var left = before.Stage(Name);
        await File.WriteAllTextAsync(Path.Combine(left, "pages.img"), "half", Ct);

        var after = _fixture.Local();

        Assert.False(Directory.Exists(left));
        Assert.Equal([Name], after.List());
        await after.OpenVerifiedAsync(Name, SnapshotFixture.Runtime, Ct);
    }

    [Fact]
    public async Task Delete_OnlySnapshot_LeavesNothing()
    {
        var local = _fixture.Local();
        await SnapshotFixture.CommitAsync(local, Name, SnapshotFixture.Files(), Ct);

        local.Delete(Name);
        local.Delete(Name);

        Assert.Empty(local.List());
        Assert.Equal([Path.Combine(_fixture.LocalPath(), ".staged")], SnapshotFixture.Everything(_fixture.LocalPath()));
    }

    [Fact]
    public async Task Delete_OneOfTwo_KeepsTheOther()
    {
        var local = _fixture.Local();
        var other = SnapshotName.ForGolden(new TemplateKey("demo", "counter"), "u", "g");
        await SnapshotFixture.CommitAsync(local, Name, SnapshotFixture.Files(1), Ct);
        await SnapshotFixture.CommitAsync(local, other, SnapshotFixture.Files(2), Ct);

        local.Delete(Name);

        Assert.Equal([other], local.List());
        await local.OpenVerifiedAsync(other, SnapshotFixture.Runtime, Ct);
    }

    [Fact]
    public async Task OpenVerified_Missing_SaysSo()
    {
        var error = await Assert.ThrowsAsync<SnapshotException>(() => _fixture.Local().OpenVerifiedAsync(Name, SnapshotFixture.Runtime, Ct));

        Assert.Equal(SnapshotProblem.Missing, error.Problem);
    }

    [Fact]
    public async Task OpenVerified_OtherRuntime_IsIncompatible()
    {
        var local = _fixture.Local();
        await SnapshotFixture.CommitAsync(local, Name, SnapshotFixture.Files(), Ct);

        var error = await Assert.ThrowsAsync<SnapshotException>(() => local.OpenVerifiedAsync(Name, "release-20990101.0", Ct));

        Assert.Equal(SnapshotProblem.Incompatible, error.Problem);
        Assert.Contains("release-20990101.0", error.Message, StringComparison.Ordinal);
        Assert.Contains(SnapshotFixture.Runtime, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenVerified_FilesOfAnotherActor_AreRefused()
    {
        var local = _fixture.Local();
        var bob = SnapshotName.ForActor(new ActorKey("demo", "bob"), Name.Id);
        await SnapshotFixture.CommitAsync(local, Name, SnapshotFixture.Files(), Ct);
        Directory.Move(Path.Combine(_fixture.LocalPath(), "actors/demo/alice"), Path.Combine(_fixture.LocalPath(), "actors/demo/bob"));

        var error = await Assert.ThrowsAsync<SnapshotException>(() => local.OpenVerifiedAsync(bob, SnapshotFixture.Runtime, Ct));

        Assert.Equal(SnapshotProblem.Corrupt, error.Problem);
        Assert.Contains("actors/demo/alice", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"formatVersion\": 2", "\"formatVersion\": 3", "format version 3")]
    [InlineData("\"architecture\": \"", "\"architecture\": \"not-", "taken on not-")]
    public async Task OpenVerified_ManifestFromElsewhere_IsIncompatible(string from, string to, string reason)
    {
        var local = _fixture.Local();
        await SnapshotFixture.CommitAsync(local, Name, SnapshotFixture.Files(), Ct);
        ManifestSurgery.Rewrite(Path.Combine(local.Find(Name)!, "manifest.json"), body => body.Replace(from, to, StringComparison.Ordinal));

        var error = await Assert.ThrowsAsync<SnapshotException>(() => local.OpenVerifiedAsync(Name, SnapshotFixture.Runtime, Ct));

        Assert.Equal(SnapshotProblem.Incompatible, error.Problem);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenVerified_ManifestThatListsAPathElsewhere_IsRefused()
    {
        var local = _fixture.Local();
        await SnapshotFixture.CommitAsync(local, Name, SnapshotFixture.Files(), Ct);
        ManifestSurgery.Rewrite(
            Path.Combine(local.Find(Name)!, "manifest.json"), static body => body.Replace("\"pages.img\"", "\"../../pages.img\"", StringComparison.Ordinal));

        var error = await Assert.ThrowsAsync<SnapshotException>(() => local.OpenVerifiedAsync(Name, SnapshotFixture.Runtime, Ct));

        Assert.Equal(SnapshotProblem.Corrupt, error.Problem);
    }

    [Fact]
    public async Task OpenVerified_AnyDamageToAnyFile_IsCaught()
    {
        var local = _fixture.Local();
        await SnapshotFixture.CommitAsync(local, Name, SnapshotFixture.Files(), Ct);
        var path = local.Find(Name)!;
        var files = Directory.GetFiles(path);

        await Damage.Any(files).SampleAsync(
            async damage =>
            {
                using var _ = damage.Apply();
                var error = await Assert.ThrowsAsync<SnapshotException>(() => local.OpenVerifiedAsync(Name, SnapshotFixture.Runtime, Ct));
                Assert.Equal(SnapshotProblem.Corrupt, error.Problem);
                Assert.Contains(Path.GetFileName(damage.File), error.Message, StringComparison.Ordinal);
            },
            iter: 150,
            threads: 1);

        await local.OpenVerifiedAsync(Name, SnapshotFixture.Runtime, Ct);
    }

    [Fact]
    public async Task OpenVerified_FileMissingOrTooMany_IsCaught()
    {
        var local = _fixture.Local();
        await SnapshotFixture.CommitAsync(local, Name, SnapshotFixture.Files(), Ct);
        var pages = Path.Combine(local.Find(Name)!, "pages.img");

        File.Copy(pages, pages + "2");
        var extra = await Assert.ThrowsAsync<SnapshotException>(() => local.OpenVerifiedAsync(Name, SnapshotFixture.Runtime, Ct));
        File.Delete(pages + "2");
        File.Delete(pages);
        var missing = await Assert.ThrowsAsync<SnapshotException>(() => local.OpenVerifiedAsync(Name, SnapshotFixture.Runtime, Ct));

        Assert.Equal((SnapshotProblem.Corrupt, SnapshotProblem.Corrupt), (extra.Problem, missing.Problem));
    }

    [Fact]
    public async Task CommitAndDelete_OfOneOwnerAtOnce_DoNotDisturbEachOther()
    {
        var local = _fixture.Local();
        var files = new Dictionary<string, byte[]> { ["checkpoint.img"] = [1] };

        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(
            async () =>
            {
                for (var i = 0; i < 25; i++)
                {
                    var name = SnapshotName.ForActor(new ActorKey("demo", "alice"), $"{worker}-{i}");
                    await SnapshotFixture.CommitAsync(local, name, files, Ct);
                    local.Delete(name);
                }
            },
            Ct)));

        Assert.Empty(local.List());
    }
}
