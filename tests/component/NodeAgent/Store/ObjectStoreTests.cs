using Substrate.NodeAgent.Store;
using Substrate.TestSupport.Processes;
using Substrate.TestSupport.S3;

namespace Substrate.NodeAgent.ComponentTests.Store;

/// <summary>What every object store does, on each of them.</summary>
public abstract class ObjectStoreTests : IAsyncLifetime
{
    private readonly ScratchDirectory _directory = new();

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected string Scratch => _directory.Path;

    private protected abstract IObjectStore Objects { get; }

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual ValueTask DisposeAsync()
    {
        _directory.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300_000)]
    [InlineData(5 * 1024 * 1024)]
    [InlineData((11 * 1024 * 1024) + 7)]
    public async Task Put_AnySize_IsReadBackTheSame(int bytes)
    {
        var content = new byte[bytes];
        new Random(bytes).NextBytes(content);
        var file = Path.Combine(Scratch, "content");
        await File.WriteAllBytesAsync(file, content, Ct);

        await Objects.PutAsync("a/b/c", file, Ct);

        await using var stream = await Objects.OpenAsync("a/b/c", bytes, Ct);
        using var read = new MemoryStream();
        await stream.CopyToAsync(read, Ct);
        Assert.Equal(content, read.ToArray());
        Assert.Equal([("a/b/c", (long)bytes)], await Objects.ListAsync("a/", Ct).Select(static o => (o.Key, o.Bytes)).ToArrayAsync(Ct));
    }

    [Fact]
    public async Task Put_Again_ReplacesTheContent()
    {
        await Objects.PutAsync("a/b", "one"u8.ToArray(), Ct);
        await Objects.PutAsync("a/b", "two"u8.ToArray(), Ct);

        Assert.Equal("two"u8.ToArray(), await Objects.ReadAsync("a/b", 10, Ct));
    }

    [Fact]
    public async Task Missing_IsToldFromAway()
    {
        Assert.False(await Objects.ExistsAsync("a/none", Ct));
        await Assert.ThrowsAsync<FileNotFoundException>(() => Objects.ReadAsync("a/none", 10, Ct));
        await Assert.ThrowsAsync<FileNotFoundException>(() => Objects.OpenAsync("a/none", 10, Ct));
        await Objects.DeleteAsync(["a/none"], Ct);
    }

    [Fact]
    public async Task Read_LargerThanAllowed_IsRefused()
    {
        await Objects.PutAsync("a/b", new byte[100], Ct);

        await Assert.ThrowsAsync<IOException>(() => Objects.ReadAsync("a/b", 99, Ct));
    }

    [Fact]
    public async Task List_Prefix_GetsWhatIsBelowItOnly()
    {
        foreach (var key in (string[])["actors/a/x/1", "actors/a/xy/1", "goldens/a/x"])
        {
            await Objects.PutAsync(key, new byte[1], Ct);
        }

        Assert.Equal(["actors/a/x/1"], await Objects.ListAsync("actors/a/x/", Ct).Select(static o => o.Key).ToArrayAsync(Ct));
        Assert.Equal(3, await Objects.ListAsync("", Ct).CountAsync(Ct));
    }
}

public sealed class DirectoryObjectsTests : ObjectStoreTests
{
    private protected override IObjectStore Objects => new DirectoryObjects(Path.Combine(Scratch, "store"), TimeProvider.System);

    [Fact]
    public async Task Copy_ThenTheFirstDeleted_TheCopyStays()
    {
        await Objects.PutAsync("a/b", "content"u8.ToArray(), Ct);

        await Objects.CopyAsync("a/b", "c/d", Ct);
        await Objects.DeleteAsync(["a/b"], Ct);

        Assert.False(await Objects.ExistsAsync("a/b", Ct));
        Assert.Equal("content"u8.ToArray(), await Objects.ReadAsync("c/d", 10, Ct));
    }

    [Fact]
    public async Task Delete_LastObject_LeavesNoDirectory()
    {
        await Objects.PutAsync("a/b/c", new byte[1], Ct);

        await Objects.DeleteAsync(["a/b/c"], Ct);

        Assert.False(Directory.Exists(Path.Combine(Scratch, "store", "a")));
    }
}

public sealed class S3ObjectsTests : ObjectStoreTests
{
    private readonly S3Server _server = new();
    private S3Objects? _objects;

    private protected override IObjectStore Objects => _objects!;

    public override async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        _objects = S3Fixture.Open(_server.Port, static o => o.PartBytes = 5 * 1024 * 1024);
    }

    public override async ValueTask DisposeAsync()
    {
        _objects?.Dispose();
        await _server.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task AnyCall_UnknownKey_IsRefusedWithTheServersReason()
    {
        using var stranger = S3Fixture.Open(_server.Port, static o => o.AccessKey = "stranger");

        var error = await Assert.ThrowsAsync<IOException>(() => stranger.PutAsync("a/b", new byte[1], Ct));

        Assert.Contains("403", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCall_NoSuchBucket_IsAwayAndNotMissing()
    {
        using var lost = S3Fixture.Open(_server.Port, static o => o.Bucket = "nowhere");

        var error = await Assert.ThrowsAsync<IOException>(() => lost.ReadAsync("a/b", 10, Ct));

        Assert.IsNotType<FileNotFoundException>(error);
        Assert.Contains("NoSuchBucket", error.Message, StringComparison.Ordinal);
    }
}
