using Substrate.NodeAgent.Commands;
using Substrate.NodeAgent.Images;

namespace Substrate.NodeAgent.ComponentTests.Images;

/// <summary>Layers that try to write outside. Refusing them and keeping them inside are both fine; touching the host is not.</summary>
public sealed class HostileLayerTests : IDisposable
{
    private readonly LayoutFixture _fixture = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Victim => Path.Combine(_fixture.Root, "victim");

    public HostileLayerTests()
    {
        Directory.CreateDirectory(Victim);
        File.WriteAllText(Path.Combine(Victim, "file"), "untouched");
    }

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("../victim/file")]
    [InlineData("../../victim/file")]
    [InlineData("../../../victim/file")]
    [InlineData("a/../../../../victim/file")]
    [InlineData("./../../../victim/file")]
    public Task Prepare_NameThatClimbs_StaysInside(string name) => StaysInsideAsync(new TarLayer().File(name, "overwritten"));

    [Fact]
    public Task Prepare_AbsoluteName_StaysInside() => StaysInsideAsync(new TarLayer().File(Path.Combine(Victim, "file"), "overwritten"));

    [Fact]
    public Task Prepare_FileBelowAbsoluteLink_StaysInside() =>
        StaysInsideAsync(new TarLayer().Symlink("out", Victim).File("out/file", "overwritten").File("out/new", "x"));

    [Fact]
    public Task Prepare_FileBelowClimbingLink_StaysInside() =>
        StaysInsideAsync(new TarLayer().Symlink("out", "../../../victim").File("out/file", "overwritten"));

    [Fact]
    public Task Prepare_LinkOfAnEarlierLayer_StaysInside() =>
        StaysInsideAsync(new TarLayer().Symlink("out", Victim), new TarLayer().File("out/file", "overwritten").File("out/.wh.file", ""));

    [Fact]
    public Task Prepare_FileOverALinkToAFile_StaysInside() =>
        StaysInsideAsync(new TarLayer().Symlink("f", Path.Combine(Victim, "file")), new TarLayer().File("f", "overwritten"));

    [Fact]
    public Task Prepare_HardLinkToTheHost_StaysInside() =>
        StaysInsideAsync(new TarLayer().Hardlink("f", Path.Combine(Victim, "file")).File("f", "overwritten"));

    [Fact]
    public Task Prepare_HardLinkThatClimbs_StaysInside() =>
        StaysInsideAsync(new TarLayer().Hardlink("f", "../../../victim/file").File("f", "overwritten"));

    [Fact]
    public Task Prepare_WhiteoutThatClimbs_StaysInside() => StaysInsideAsync(new TarLayer().File("../../../victim/.wh.file", ""));

    [Fact]
    public Task Prepare_OpaqueDirectoryThroughALink_StaysInside() =>
        StaysInsideAsync(new TarLayer().Symlink("out", Victim), new TarLayer().File("out/.wh..wh..opq", ""));

    [Fact]
    public async Task Prepare_DeviceNodes_AreNotThere()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can make device nodes");
        _fixture.AddImage("x", layers: [new TarLayer().Device("disk", block: true, 8, 0).Device("mem", block: false, 1, 1).Fifo("fifo").File("plain", "x")]);
        await using var store = _fixture.Store();

        var image = await store.PrepareAsync($"oci:{_fixture.Layout}:x", null, Ct);

        Assert.Equal(["fifo", "plain"], Directory.GetFileSystemEntries(image.RootfsPath).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Prepare_PasswdThatIsAFifo_DoesNotWaitForAWriter()
    {
        _fixture.AddImage("x", layers: [new TarLayer().Folder("etc").Fifo("etc/passwd")]);
        await using var store = _fixture.Store();

        Assert.Equal(0u, (await store.PrepareAsync($"oci:{_fixture.Layout}:x", null, Ct)).Config.Uid);
    }

    [Fact]
    public async Task Store_Directory_IsClosedToOthers()
    {
        await using var store = _fixture.Store();

        var mode = await new CommandRunner(TimeProvider.System).RunAsync("stat", ["-c", "%a", _fixture.StorePath], TimeSpan.FromSeconds(10), Ct);

        Assert.Equal("700", mode.LastLine);
    }

    private async Task StaysInsideAsync(params TarLayer[] layers)
    {
        _fixture.AddImage("x", layers: layers);
        var before = Entries();
        await using var store = _fixture.Store();
        try
        {
            await store.PrepareAsync($"oci:{_fixture.Layout}:x", null, Ct);
        }
        catch (ImageException)
        {
            // Refused.
        }

        Assert.Equal("untouched", await File.ReadAllTextAsync(Path.Combine(Victim, "file"), Ct));
        Assert.Equal(before, Entries());
    }

    /// <summary>Everything beside the image store, which is where the victims are.</summary>
    private string[] Entries() =>
        [.. Directory.EnumerateFileSystemEntries(_fixture.Root, "*", SearchOption.AllDirectories).Where(path => !path.StartsWith(_fixture.StorePath, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}
