using System.Formats.Tar;
using Substrate.NodeAgent.Images;

namespace Substrate.NodeAgent.ComponentTests.Images;

public sealed class ArchiveTests : IDisposable
{
    private readonly LayoutFixture _fixture = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Archive => Path.Combine(_fixture.Root, "image.tar");

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Prepare_Archive_IsTheLayoutInIt()
    {
        var digest = LayoutFixture.DigestOf(_fixture.AddImage("v1", layers: [new TarLayer().File("a", "a")]));
        _fixture.AddImage("v2", layers: [new TarLayer().File("a", "b")]);
        await TarFile.CreateFromDirectoryAsync(_fixture.Layout, Archive, includeBaseDirectory: false, Ct);
        await using var store = _fixture.Store();

        var image = await store.PrepareAsync($"oci-archive:{Archive}:v1", null, Ct);
        File.Delete(Archive);
        var again = await store.PrepareAsync($"oci-archive:{Archive}:v1", digest, Ct);

        Assert.Equal(digest, image.Digest);
        Assert.Equal("a", await File.ReadAllTextAsync(Path.Combine(image.RootfsPath, "a"), Ct));
        Assert.Same(image, again);
        Assert.Equal([Path.GetDirectoryName(image.RootfsPath)!], Directory.GetFileSystemEntries(_fixture.StorePath));
    }

    [Fact]
    public async Task Prepare_NoSuchFileOrNoArchive_SaysSo()
    {
        await using var store = _fixture.Store();
        await FailsAsync(store, "there is no file");
        await File.WriteAllTextAsync(Archive, new string('x', 5000), Ct);
        await FailsAsync(store, "cannot be read as a tar archive");
    }

    [Fact]
    public async Task Prepare_ArchiveWithEntriesThatLeadElsewhere_TakesOnlyTheLayout()
    {
        var victim = Path.Combine(_fixture.Root, "victim");
        await File.WriteAllTextAsync(victim, "untouched", Ct);
        await File.WriteAllBytesAsync(
            Archive,
            new TarLayer().File("../../victim", "x").File(victim, "x").Symlink("blobs", _fixture.Root).Symlink("index.json", victim).File("other", "x").ToArray(),
            Ct);
        await using var store = _fixture.Store();

        await FailsAsync(store, "not an OCI image layout");

        Assert.Equal("untouched", await File.ReadAllTextAsync(victim, Ct));
        Assert.Empty(Directory.GetFileSystemEntries(_fixture.StorePath));
    }

    private async Task FailsAsync(ImageStore store, string part)
    {
        var error = await Assert.ThrowsAsync<ImageException>(() => store.PrepareAsync($"oci-archive:{Archive}", null, Ct));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }
}
