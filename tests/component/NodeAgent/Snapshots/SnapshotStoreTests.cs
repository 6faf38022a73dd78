using CsCheck;
using Substrate.NodeAgent.Snapshots;
using Substrate.State.Actors;

namespace Substrate.NodeAgent.ComponentTests.Snapshots;

public sealed class SnapshotStoreTests : IDisposable
{
    private static readonly SnapshotName Name = SnapshotFixture.Name;
    private readonly SnapshotFixture _fixture = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string StoredPath => Path.Combine(_fixture.StorePath, Name.ToString());

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task UploadAndFetch_AnyFiles_AreTheSameOnTheOtherNode()
    {
        var source = _fixture.Local("one");
        var target = _fixture.Local("two");
        await using var store = _fixture.Store();
        var content = Gen.OneOf(
            Gen.Byte.Array[0, 300],
            Gen.Select(Gen.Byte, Gen.Int[0, 900_000], static (value, count) => Enumerable.Repeat(value, count).ToArray()),
            Gen.Int[1, 700_000].Select(static count => Noise(count)));

        await content.Array[1, 3].SampleAsync(
            async contents =>
            {
                var files = contents.Select(static (bytes, i) => ($"f{i}.img", bytes)).ToDictionary();
                await SnapshotFixture.CommitAsync(source, Name, files, Ct);
                var stored = await store.UploadAsync(source, Name, null, Ct);
                Assert.Equal(contents.Sum(static bytes => bytes.Length), stored.RawBytes);

                var path = await store.FetchAsync(Name, target, Ct);

                Assert.Equal(files, SnapshotFixture.Read(path));
                Assert.Equal(path, await target.OpenVerifiedAsync(Name, SnapshotFixture.Runtime, Ct));
                source.Delete(Name);
                target.Delete(Name);
                await store.DeleteAsync(Name, Ct);
            },
            iter: 25,
            threads: 1);

        Assert.Equal([Path.Combine(_fixture.StorePath, ".staged")], SnapshotFixture.Everything(_fixture.StorePath));
    }

    [Fact]
    public async Task Upload_Repeated_LeavesTheFirst()
    {
        var local = _fixture.Local();
        await using var store = _fixture.Store();
        await SnapshotFixture.CommitAsync(local, Name, SnapshotFixture.Files(), Ct);
        var first = await store.UploadAsync(local, Name, null, Ct);
        var written = Directory.GetFiles(StoredPath).ToDictionary(static path => path, static path => File.GetLastWriteTimeUtc(path));

        var second = await store.UploadAsync(local, Name, null, Ct);

        Assert.Equal(first.Files, second.Files);
        Assert.Equal(written, Directory.GetFiles(StoredPath).ToDictionary(static path => path, static path => File.GetLastWriteTimeUtc(path)));
        Assert.True(first.StoredBytes < first.RawBytes / 2);
    }

    [Fact]
    public async Task Upload_ByTwoProcessesAtOnce_EndsInOneWholeSnapshotOrAClearError()
    {
        var local = _fixture.Local();
        await SnapshotFixture.CommitAsync(local, Name, SnapshotFixture.Files(), Ct);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            async () =>
            {
                await using var store = _fixture.Store();
                try
                {
                    await store.UploadAsync(local, Name, null, Ct);
                    return true;
                }
                catch (SnapshotException e) when (e.Problem == SnapshotProblem.StoreUnavailable)
                {
                    return false;
                }
            },
            Ct)));

        Assert.Contains(true, outcomes);
        await using var reader = _fixture.Store();
        Assert.Equal(SnapshotFixture.Files(), SnapshotFixture.Read(await reader.FetchAsync(Name, _fixture.Local("two"), Ct)));
    }

    [Fact]
    public async Task Upload_LocalDamage_IsNotCarriedIntoTheStore()
    {
        var local = _fixture.Local();
        await using var store = _fixture.Store();
        await SnapshotFixture.CommitAsync(local, Name, SnapshotFixture.Files(), Ct);
        using var damage = new Damage(Path.Combine(local.Find(Name)!, "pages.img"), 0.5, 3, Cut: false).Apply();

        var error = await Assert.ThrowsAsync<SnapshotException>(() => store.UploadAsync(local, Name, null, Ct));

        Assert.Equal(SnapshotProblem.Corrupt, error.Problem);
        Assert.False(await store.ExistsAsync(Name, Ct));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_fixture.StorePath, ".staged")));
    }

    [Fact]
    public async Task Upload_AfterACrashMidway_StartsAfreshAndDeletingLeavesNothing()
    {
        var local = _fixture.Local();
        await using var store = _fixture.Store();
        await SnapshotFixture.CommitAsync(local, Name, SnapshotFixture.Files(), Ct);
        Directory.CreateDirectory(StoredPath);
        await File.WriteAllTextAsync(Path.Combine(StoredPath, "pages.img.00000000"), "half", Ct);
        Assert.False(await store.ExistsAsync(Name, Ct));

        await store.UploadAsync(local, Name, null, Ct);
        Assert.Equal(SnapshotFixture.Files(), SnapshotFixture.Read(await store.FetchAsync(Name, _fixture.Local("two"), Ct)));
        await store.DeleteAsync(Name, Ct);

        Assert.Equal([Path.Combine(_fixture.StorePath, ".staged")], SnapshotFixture.Everything(_fixture.StorePath));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task UploadAndFetch_AgainstAGolden_IsSmallAndTheSame(bool encrypted)
    {
        var source = _fixture.Local("one");
        var target = _fixture.Local("two");
        await using var store = _fixture.Store(encrypted ? _fixture.Keys("first") : "");
        var files = SnapshotFixture.Files();
        await SnapshotFixture.CommitAsync(source, SnapshotFixture.Golden, files, Ct);
        await store.UploadAsync(source, SnapshotFixture.Golden, null, Ct);
        var later = SnapshotFixture.Later(files, 7);
        await SnapshotFixture.CommitAsync(source, Name, later, Ct);

        var stored = await store.UploadAsync(source, Name, SnapshotFixture.Golden, Ct);
        var path = await store.FetchAsync(Name, target, Ct);

        Assert.Equal(later, SnapshotFixture.Read(path));
        Assert.Equal(SnapshotFixture.Golden.ToString(), stored.Base);
        Assert.True(stored.StoredBytes < stored.RawBytes / 50, $"{stored.StoredBytes} of {stored.RawBytes} bytes");
        Assert.NotNull(target.Find(SnapshotFixture.Golden));
    }

    [Fact]
    public async Task Upload_GoldenUnlikeIt_IsStoredWhole()
    {
        var local = _fixture.Local();
        await using var store = _fixture.Store();
        await SnapshotFixture.CommitAsync(local, SnapshotFixture.Golden, new Dictionary<string, byte[]> { ["pages.img"] = Noise(4096 * 40) }, Ct);
        await store.UploadAsync(local, SnapshotFixture.Golden, null, Ct);
        var unlike = Noise(4096 * 600);
        await SnapshotFixture.CommitAsync(local, Name, new Dictionary<string, byte[]> { ["pages.img"] = unlike }, Ct);

        var stored = await store.UploadAsync(local, Name, SnapshotFixture.Golden, Ct);

        Assert.Null(stored.Base);
        Assert.Equal(SnapshotEncoding.Zstd, stored.Files[0].Encoding);
        await store.DeleteAsync(SnapshotFixture.Golden, Ct);
        var path = await store.FetchAsync(Name, _fixture.Local("two"), Ct);
        Assert.Equal(unlike, SnapshotFixture.Read(path)["pages.img"]);
    }

    [Fact]
    public async Task Fetch_LocalGoldenDamaged_IsMendedFromTheStore()
    {
        var source = _fixture.Local("one");
        var target = _fixture.Local("two");
        await using var store = _fixture.Store();
        var files = SnapshotFixture.Files();
        await SnapshotFixture.CommitAsync(source, SnapshotFixture.Golden, files, Ct);
        await store.UploadAsync(source, SnapshotFixture.Golden, null, Ct);
        await SnapshotFixture.CommitAsync(source, Name, SnapshotFixture.Later(files, 3), Ct);
        await store.UploadAsync(source, Name, SnapshotFixture.Golden, Ct);
        var golden = await store.FetchAsync(SnapshotFixture.Golden, target, Ct);
        new Damage(Path.Combine(golden, "pages.img"), 0.9, 3, Cut: false).Apply();

        var path = await store.FetchAsync(Name, target, Ct);

        Assert.Equal(SnapshotFixture.Later(files, 3), SnapshotFixture.Read(path));
        await target.OpenVerifiedAsync(SnapshotFixture.Golden, SnapshotFixture.Runtime, Ct);
    }

    [Fact]
    public async Task Copy_ThenTheFirstDeleted_TheCopyIsWhole()
    {
        var local = _fixture.Local();
        await using var store = _fixture.Store(_fixture.Keys("first"));
        await SnapshotFixture.CommitAsync(local, Name, SnapshotFixture.Files(), Ct);
        await store.UploadAsync(local, Name, null, Ct);
        var fork = SnapshotName.ForActor(new ActorKey("demo", "bob"), "1-a");

        await store.CopyAsync(Name, fork, Ct);
        await store.DeleteAsync(Name, Ct);

        Assert.Equal(SnapshotFixture.Files(), SnapshotFixture.Read(await store.FetchAsync(fork, _fixture.Local("two"), Ct)));
    }

    [Fact]
    public async Task Keys_Rotated_OldSnapshotsOpenUntilTheirKeyIsGone()
    {
        var local = _fixture.Local();
        var file = _fixture.Keys("first");
        await using var store = _fixture.Store(file);
        await SnapshotFixture.CommitAsync(local, Name, SnapshotFixture.Files(), Ct);
        var stored = await store.UploadAsync(local, Name, null, Ct);
        Assert.Equal("first", stored.Encryption!.Key);

        // A new key in front, then the snapshot's own key wrapped with it, then the old one gone.
        await File.WriteAllTextAsync(file, $"{SnapshotFixture.KeyLine("second")}\n{SnapshotFixture.KeyLine("first")}\n", Ct);
        await store.FetchAsync(Name, _fixture.Local("two"), Ct);
        Assert.True(await store.RewrapAsync(Name, Ct));
        Assert.False(await store.RewrapAsync(Name, Ct));
        await File.WriteAllTextAsync(file, SnapshotFixture.KeyLine("second"), Ct);
        Assert.Equal(SnapshotFixture.Files(), SnapshotFixture.Read(await store.FetchAsync(Name, _fixture.Local("three"), Ct)));

        await File.WriteAllTextAsync(file, SnapshotFixture.KeyLine("third"), Ct);
        var missing = await Assert.ThrowsAsync<SnapshotException>(() => store.FetchAsync(Name, _fixture.Local("four"), Ct));
        Assert.Equal(SnapshotProblem.Locked, missing.Problem);
        Assert.Contains("'second'", missing.Message, StringComparison.Ordinal);

        await File.WriteAllTextAsync(file, SnapshotFixture.KeyLine("third").Replace("third", "second", StringComparison.Ordinal), Ct);
        var wrong = await Assert.ThrowsAsync<SnapshotException>(() => store.FetchAsync(Name, _fixture.Local("five"), Ct));
        Assert.Equal(SnapshotProblem.Locked, wrong.Problem);
        Assert.Contains("another key under that name", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_ByManyAtOnce_EndsInOneCopyAndNothingElse()
    {
        var source = _fixture.Local("one");
        var target = _fixture.Local("two");
        await using var store = _fixture.Store();
        await SnapshotFixture.CommitAsync(source, Name, SnapshotFixture.Files(), Ct);
        await store.UploadAsync(source, Name, null, Ct);

        var paths = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => store.FetchAsync(Name, target, Ct)));

        Assert.Single(paths.Distinct());
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_fixture.LocalPath("two"), ".staged")));
        await target.OpenVerifiedAsync(Name, SnapshotFixture.Runtime, Ct);
    }

    [Fact]
    public async Task Fetch_CallerLeaves_TheOthersGetTheirs()
    {
        var source = _fixture.Local("one");
        var target = _fixture.Local("two");
        await using var store = _fixture.Store();
        await SnapshotFixture.CommitAsync(source, Name, SnapshotFixture.Files(), Ct);
        await store.UploadAsync(source, Name, null, Ct);
        using var leaving = new CancellationTokenSource();

        var left = store.FetchAsync(Name, target, leaving.Token);
        var stayed = store.FetchAsync(Name, target, Ct);
        await leaving.CancelAsync();

        await stayed;
        await left.ContinueWith(static _ => { }, Ct, TaskContinuationOptions.None, TaskScheduler.Default);
        await target.OpenVerifiedAsync(Name, SnapshotFixture.Runtime, Ct);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fetch_AnyDamageToAnyFile_IsCaughtAndNothingBecomesVisible(bool encrypted)
    {
        var source = _fixture.Local("one");
        var target = _fixture.Local("two");
        await using var store = _fixture.Store(encrypted ? _fixture.Keys("first") : "");
        await SnapshotFixture.CommitAsync(source, SnapshotFixture.Golden, SnapshotFixture.Files(), Ct);
        await store.UploadAsync(source, SnapshotFixture.Golden, null, Ct);
        await SnapshotFixture.CommitAsync(source, Name, SnapshotFixture.Later(SnapshotFixture.Files(), 5), Ct);
        await store.UploadAsync(source, Name, SnapshotFixture.Golden, Ct);

        await Damage.Any(Directory.GetFiles(StoredPath)).SampleAsync(
            async damage =>
            {
                using var _ = damage.Apply();
                var error = await Assert.ThrowsAsync<SnapshotException>(() => store.FetchAsync(Name, target, Ct));
                Assert.Equal(SnapshotProblem.Corrupt, error.Problem);
                Assert.Contains(Path.GetFileName(damage.File), error.Message, StringComparison.Ordinal);
                Assert.Null(target.Find(Name));
            },
            iter: 100,
            threads: 1);

        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_fixture.LocalPath("two"), ".staged")));
        await store.FetchAsync(Name, target, Ct);
    }

    [Fact]
    public async Task Fetch_Missing_SaysSo()
    {
        await using var store = _fixture.Store();

        var error = await Assert.ThrowsAsync<SnapshotException>(() => store.FetchAsync(Name, _fixture.Local(), Ct));

        Assert.Equal(SnapshotProblem.Missing, error.Problem);
    }

    [Fact]
    public async Task List_OneOwner_GetsItsOwnOnly()
    {
        var local = _fixture.Local();
        await using var store = _fixture.Store();
        var second = SnapshotName.ForActor(new ActorKey("demo", "alice"), "2-b");
        var bob = SnapshotName.ForActor(new ActorKey("demo", "bob"), "1-a");
        foreach (var name in (SnapshotName[])[Name, second, bob])
        {
            await SnapshotFixture.CommitAsync(local, name, SnapshotFixture.Files(), Ct);
            await store.UploadAsync(local, name, null, Ct);
        }

        var listed = await store.ListAsync(SnapshotName.OwnerOf(new ActorKey("demo", "alice")), Ct);

        Assert.Equal([Name, second], listed.OrderBy(static name => name.Id, StringComparer.Ordinal));
        Assert.Empty(await store.ListAsync(SnapshotName.OwnerOf(new ActorKey("demo", "carol")), Ct));
    }

    [Theory]
    [InlineData("actors/../..")]
    [InlineData("")]
    [InlineData("/etc")]
    public async Task List_NoOwner_IsRefused(string owner)
    {
        await using var store = _fixture.Store();

        await Assert.ThrowsAsync<ArgumentException>(() => store.ListAsync(owner, Ct));
    }

    [Fact]
    public async Task AnyCall_StoreDirectoryGone_IsUnavailableAndNamesIt()
    {
        var local = _fixture.Local();
        await SnapshotFixture.CommitAsync(local, Name, SnapshotFixture.Files(), Ct);
        await using var store = _fixture.Store();
        Directory.Delete(_fixture.StorePath, recursive: true);

        foreach (var call in (Func<Task>[])
            [
                () => store.UploadAsync(local, Name, null, Ct),
                () => store.FetchAsync(Name, _fixture.Local("two"), Ct),
                () => store.ExistsAsync(Name, Ct),
                () => store.DeleteAsync(Name, Ct),
                () => store.ListAsync(Name.Owner, Ct),
            ])
        {
            var error = await Assert.ThrowsAsync<SnapshotException>(call);
            Assert.Equal(SnapshotProblem.StoreUnavailable, error.Problem);
            Assert.Contains(_fixture.StorePath, error.Message, StringComparison.Ordinal);
        }
    }

    private static byte[] Noise(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
