using System.Text.Json.Nodes;
using Substrate.NodeAgent.Commands;

namespace Substrate.NodeAgent.ComponentTests.Images;

public sealed class ImageStoreTests : IDisposable
{
    private readonly LayoutFixture _fixture = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Image => $"oci:{_fixture.Layout}";

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Prepare_Layers_AreUnpackedOverEachOther()
    {
        var process = new JsonObject
        {
            ["User"] = "app",
            ["Env"] = new JsonArray("PATH=/bin", "A=b=c"),
            ["Entrypoint"] = new JsonArray("/bin/server"),
            ["Cmd"] = new JsonArray("--fast", "x y"),
            ["WorkingDir"] = "/srv",
        };
        var lower = new TarLayer().Folder("etc").File("etc/passwd", "app:x:1000:1001::/:\n").File("etc/gone", "x").File("both", "lower");
        var upper = new TarLayer().File("etc/group", "audio:x:29:app\n").File("etc/.wh.gone", "").File("both", "upper");
        var descriptor = _fixture.AddImage("v1", process: process, layers: [lower, upper]);
        await using var store = _fixture.Store();

        var image = await store.PrepareAsync($"{Image}:v1", null, Ct);

        Assert.Equal(LayoutFixture.DigestOf(descriptor), image.Digest);
        Assert.Equal("upper", await File.ReadAllTextAsync(Path.Combine(image.RootfsPath, "both"), Ct));
        Assert.False(File.Exists(Path.Combine(image.RootfsPath, "etc/gone")));
        Assert.Equal(["/bin/server"], image.Config.Entrypoint);
        Assert.Equal(["--fast", "x y"], image.Config.Cmd);
        Assert.Equal(["PATH=/bin", "A=b=c"], image.Config.Env);
        Assert.Equal("/srv", image.Config.WorkingDir);
        Assert.Equal((1000u, 1001u), (image.Config.Uid, image.Config.Gid));
        Assert.Equal([29u], image.Config.AdditionalGids);
    }

    [Fact]
    public async Task Prepare_OwnersModesLinksAndWhiteouts_AreThoseOfTheLayers()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can give files away");
        var lower = new TarLayer().Folder("d").File("d/old", "x").File("s", "x", mode: 0b100_111_101_101, uid: 7, gid: 8).Hardlink("t", "s").File("t2", "first").File("t2", "second");
        var upper = new TarLayer().File("d/.wh..wh..opq", "").File("d/new", "x");
        _fixture.AddImage("v1", layers: [lower, upper]);
        await using var store = _fixture.Store();

        var root = (await store.PrepareAsync($"{Image}:v1", null, Ct)).RootfsPath;

        var stat = await new CommandRunner(TimeProvider.System).RunAsync(
            "stat", ["-c", "%a %u %g %h %i", Path.Combine(root, "s"), Path.Combine(root, "t")], TimeSpan.FromSeconds(10), Ct);
        var lines = stat.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("4755 7 8 2 ", lines[0], StringComparison.Ordinal);
        Assert.Equal(lines[0], lines[1]);
        Assert.Equal(["new"], Directory.GetFiles(Path.Combine(root, "d")).Select(Path.GetFileName));
        // Of two entries of one name the later one counts, as for tar.
        Assert.Equal("second", await File.ReadAllTextAsync(Path.Combine(root, "t2"), Ct));
    }

    [Fact]
    public async Task Prepare_ExposedPorts_AreRead()
    {
        _fixture.AddImage("v1", process: new JsonObject
        {
            ["ExposedPorts"] = new JsonObject { ["9090/tcp"] = new JsonObject(), ["53/udp"] = new JsonObject(), ["8080"] = new JsonObject(), ["x/tcp"] = new JsonObject() },
        });
        await using var store = _fixture.Store();

        Assert.Equal([8080, 9090], (await store.PrepareAsync($"{Image}:v1", null, Ct)).Config.ExposedPorts);
    }

    [Fact]
    public async Task Prepare_ByManyAtOnce_UnpacksOnce()
    {
        _fixture.AddImage("v1", layers: [new TarLayer().File("a", "a")]);
        var counting = new CountingRunner();
        await using var store = _fixture.Store(counting);

        var images = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => store.PrepareAsync($"{Image}:v1", null, Ct), Ct)));

        Assert.Single(images.Distinct());
        Assert.Equal(1, counting.Unpacks);
        Assert.Equal([Path.GetDirectoryName(images[0].RootfsPath)!], Directory.GetFileSystemEntries(_fixture.StorePath));
    }

    [Fact]
    public async Task Prepare_AfterARestart_UsesWhatIsThereEvenWithoutTheLayout()
    {
        var digest = LayoutFixture.DigestOf(_fixture.AddImage("v1", layers: [new TarLayer().File("a", "a")]));
        await using (var before = _fixture.Store())
        {
            await before.PrepareAsync($"{Image}:v1", null, Ct);
        }

        Directory.Delete(_fixture.Layout, recursive: true);
        var counting = new CountingRunner();
        await using var store = _fixture.Store(counting);
        var image = await store.PrepareAsync($"{Image}:v1", digest, Ct);

        Assert.Equal(0, counting.Unpacks);
        Assert.True(File.Exists(Path.Combine(image.RootfsPath, "a")));
    }

    [Fact]
    public async Task Construction_AfterACrash_RemovesWhatIsNotDone()
    {
        _fixture.AddImage("v1", layers: [new TarLayer().File("a", "a")]);
        string path;
        await using (var before = _fixture.Store())
        {
            path = Path.GetDirectoryName((await before.PrepareAsync($"{Image}:v1", null, Ct)).RootfsPath)!;
        }

        File.Delete(Path.Combine(path, "done"));
        File.Delete(Path.Combine(path, "rootfs/a"));
        Directory.CreateDirectory(Path.Combine(_fixture.StorePath, ".half/rootfs"));
        await using var store = _fixture.Store();

        Assert.Empty(Directory.GetFileSystemEntries(_fixture.StorePath));
        Assert.True(File.Exists(Path.Combine((await store.PrepareAsync($"{Image}:v1", null, Ct)).RootfsPath, "a")));
    }

    [Fact]
    public async Task Prepare_ExpectedDigest_HoldsWhenTheTagHasMovedOn()
    {
        var old = LayoutFixture.DigestOf(_fixture.AddImage("v1", layers: [new TarLayer().File("a", "old")]));
        var moved = LayoutFixture.DigestOf(_fixture.AddImage("v1", layers: [new TarLayer().File("a", "new")]));
        await using var store = _fixture.Store();

        var expected = await store.PrepareAsync($"{Image}:v1", old, Ct);
        var current = await store.PrepareAsync($"{Image}:v1", null, Ct);

        Assert.Equal(("old", old), (await File.ReadAllTextAsync(Path.Combine(expected.RootfsPath, "a"), Ct), expected.Digest));
        Assert.Equal(("new", moved), (await File.ReadAllTextAsync(Path.Combine(current.RootfsPath, "a"), Ct), current.Digest));
    }

    [Fact]
    public async Task Prepare_IndexForSeveralMachines_TakesThisMachines()
    {
        var other = _fixture.WriteImage("s390x", [], new TarLayer().File("a", "other"));
        var mine = _fixture.WriteImage(LayoutFixture.Architecture, [], new TarLayer().File("a", "mine"));
        _fixture.Add("multi", _fixture.WriteIndexBlob(("s390x", other), (LayoutFixture.Architecture, mine)));
        await using var store = _fixture.Store();

        var image = await store.PrepareAsync($"{Image}:multi", null, Ct);

        Assert.Equal(LayoutFixture.DigestOf(mine), image.Digest);
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(image.RootfsPath, "a"), Ct));
    }

    [Fact]
    public async Task Prepare_DigestInTheReference_NeedsNoTag()
    {
        var digest = LayoutFixture.DigestOf(_fixture.AddImage("v1", layers: [new TarLayer().File("a", "a")]));
        _fixture.AddImage("v2", layers: [new TarLayer().File("a", "b")]);
        await using var store = _fixture.Store();

        Assert.Equal(digest, (await store.PrepareAsync($"{Image}@{digest}", null, Ct)).Digest);
    }

    [Fact]
    public async Task Prepare_ImageMadeByUmoci_IsUnderstood()
    {
        var runner = new CommandRunner(TimeProvider.System);
        var layout = Path.Combine(_fixture.Root, "made");
        var bundle = Path.Combine(_fixture.Root, "bundle");
        string[][] steps =
        [
            ["init", "--layout", layout],
            ["new", "--image", $"{layout}:x"],
            ["config", "--image", $"{layout}:x", "--config.user", "7:8", "--config.entrypoint", "/hello"],
            ["unpack", "--image", $"{layout}:x", bundle],
            ["repack", "--image", $"{layout}:x", bundle],
        ];
        foreach (var step in steps)
        {
            var done = await runner.RunAsync("umoci", step, TimeSpan.FromSeconds(30), Ct);
            Assert.True(done.Succeeded, done.LastLine);
            if (step[0] == "unpack")
            {
                await File.WriteAllTextAsync(Path.Combine(bundle, "rootfs/hello"), "hello", Ct);
            }
        }

        await using var store = _fixture.Store();
        var image = await store.PrepareAsync($"oci:{layout}", null, Ct);

        Assert.Equal("hello", await File.ReadAllTextAsync(Path.Combine(image.RootfsPath, "hello"), Ct));
        Assert.Equal((7u, 8u, "/hello"), (image.Config.Uid, image.Config.Gid, image.Config.Entrypoint[0]));
    }

    private sealed class CountingRunner : ICommandRunner
    {
        private readonly CommandRunner _runner = new(TimeProvider.System);
        private int _unpacks;

        public int Unpacks => _unpacks;

        public Task<CommandResult> RunAsync(Command command, CancellationToken cancellation)
        {
            if (command.File == "umoci")
            {
                Interlocked.Increment(ref _unpacks);
            }

            return _runner.RunAsync(command, cancellation);
        }
    }
}
