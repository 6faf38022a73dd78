using System.Text;
using System.Text.Json.Nodes;
using Substrate.NodeAgent.Commands;
using Substrate.NodeAgent.Images;

namespace Substrate.NodeAgent.ComponentTests.Images;

public sealed class BrokenImageTests : IDisposable
{
    private readonly LayoutFixture _fixture = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Image => $"oci:{_fixture.Layout}";

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Prepare_NoLayout_NamesTheDirectory() =>
        await FailsAsync($"oci:{_fixture.Root}/nowhere:v1", $"there is no directory {_fixture.Root}/nowhere", "skopeo copy");

    [Fact]
    public async Task Prepare_DirectoryThatIsNoLayout_SaysSo() => await FailsAsync($"oci:{_fixture.Root}", "is not an OCI image layout");

    [Fact]
    public async Task Prepare_EmptyLayout_SaysSo() => await FailsAsync($"{Image}:v1", "holds no image");

    [Fact]
    public async Task Prepare_UnknownTag_ListsThoseThereAre()
    {
        _fixture.AddImage("v2");
        _fixture.AddImage("v1");

        await FailsAsync($"{Image}:v3", "'v3'", "v1, v2");
        await FailsAsync(Image, "holds 2 images", "v1, v2");
    }

    [Fact]
    public async Task Prepare_OtherArchitecture_NamesBoth()
    {
        _fixture.AddImage("single", "s390x");
        _fixture.Add("multi", _fixture.WriteIndexBlob(("s390x", _fixture.WriteImage("s390x", [])), ("riscv64", _fixture.WriteImage("riscv64", []))));

        await FailsAsync($"{Image}:single", "linux/s390x", $"linux/{LayoutFixture.Architecture}");
        await FailsAsync($"{Image}:multi", "linux/s390x, linux/riscv64", $"linux/{LayoutFixture.Architecture}");
    }

    [Fact]
    public async Task Prepare_ExpectedDigestNotThere_SaysWhich()
    {
        _fixture.AddImage("v1");
        var digest = "sha256:" + new string('1', 64);

        var error = await Assert.ThrowsAsync<ImageException>(() => _fixture.Store().PrepareAsync($"{Image}:v1", digest, Ct));

        Assert.Contains(digest, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Prepare_ManifestOrConfigChanged_IsADigestMismatch(bool manifest)
    {
        var descriptor = _fixture.AddImage("v1");
        var digest = LayoutFixture.DigestOf(descriptor);
        if (!manifest)
        {
            digest = JsonNode.Parse(await File.ReadAllTextAsync(_fixture.BlobPath(digest), Ct))!["config"]!["digest"]!.ToString();
        }

        await File.AppendAllTextAsync(_fixture.BlobPath(digest), " ", Ct);

        await FailsAsync($"{Image}:v1", digest, "damaged");
    }

    [Fact]
    public async Task Prepare_LayerChanged_IsRefused()
    {
        var layer = new TarLayer().File("a", "content");
        var digest = LayoutFixture.DigestOf(_fixture.AddImage("v1", layers: [layer]));
        var blob = _fixture.BlobPath(JsonNode.Parse(await File.ReadAllTextAsync(_fixture.BlobPath(digest), Ct))!["layers"]![0]!["digest"]!.ToString());
        var bytes = await File.ReadAllBytesAsync(blob, Ct);
        bytes[Encoding.ASCII.GetString(bytes).IndexOf("content", StringComparison.Ordinal)] ^= 1;
        await File.WriteAllBytesAsync(blob, bytes, Ct);

        await FailsAsync($"{Image}:v1", "the content of its layer", "damaged");
    }

    [Fact]
    public async Task Prepare_BrokenIndex_SaysWhere()
    {
        await File.WriteAllTextAsync(Path.Combine(_fixture.Layout, "index.json"), "{\"manifests\": [", Ct);

        await FailsAsync($"{Image}:v1", "index.json is broken JSON");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"manifests\":null}")]
    [InlineData("{\"manifests\":[null]}")]
    [InlineData("{\"manifests\":[{}]}")]
    [InlineData("{\"manifests\":[{\"digest\":\"sha256:../../../../etc/passwd\"}]}")]
    public async Task Prepare_IndexOfAnotherShape_IsAnImageException(string index)
    {
        await File.WriteAllTextAsync(Path.Combine(_fixture.Layout, "index.json"), index, Ct);

        await FailsAsync(Image, "image 'oci:");
    }

    [Fact]
    public async Task Prepare_BrokenManifestWithMatchingDigest_SaysSo()
    {
        _fixture.Add("v1", _fixture.WriteBlob("application/vnd.oci.image.manifest.v1+json", "not json"u8.ToArray()));
        _fixture.Add("v2", _fixture.WriteJson("application/vnd.oci.image.manifest.v1+json", []));

        await FailsAsync($"{Image}:v1", "broken JSON");
        await FailsAsync($"{Image}:v2", "neither an image manifest nor an index");
    }

    [Fact]
    public async Task Prepare_IndexThatNestsTooDeep_IsGivenUp()
    {
        var inner = _fixture.WriteImage(LayoutFixture.Architecture, []);
        for (var i = 0; i < 6; i++)
        {
            inner = _fixture.WriteIndexBlob((LayoutFixture.Architecture, inner));
        }

        _fixture.Add("v1", inner);

        await FailsAsync($"{Image}:v1", "nested");
    }

    [Fact]
    public async Task Prepare_UnknownUser_NamesIt()
    {
        _fixture.AddImage("v1", process: new JsonObject { ["User"] = "nobody" }, layers: [new TarLayer().File("a", "a")]);

        await FailsAsync($"{Image}:v1", "'nobody'", "/etc/passwd");
    }

    [Fact]
    public async Task Prepare_UmociMissing_SaysHowToInstallIt()
    {
        _fixture.AddImage("v1");

        await FailsAsync($"{Image}:v1", new Fixed(new CommandResult(CommandOutcome.NotStarted, 127, "", "umoci: no such file")), "apt-get install umoci");
    }

    [Fact]
    public async Task Prepare_UmociFails_GivesItsLastLineAndLeavesNothing()
    {
        _fixture.AddImage("v1");

        await FailsAsync($"{Image}:v1", new Fixed(new CommandResult(CommandOutcome.Exited, 1, "", "a line\nthe reason\n")), "the reason");
    }

    private Task FailsAsync(string image, params string[] parts) => FailsAsync(image, null, parts);

    private async Task FailsAsync(string image, ICommandRunner? runner, params string[] parts)
    {
        await using var store = _fixture.Store(runner);

        var error = await Assert.ThrowsAsync<ImageException>(() => store.PrepareAsync(image, null, Ct));

        Assert.All([image, .. parts], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.DoesNotContain(Directory.GetDirectories(_fixture.StorePath), static entry => !File.Exists(Path.Combine(entry, "done")));
    }

    private sealed class Fixed(CommandResult result) : ICommandRunner
    {
        public Task<CommandResult> RunAsync(Command command, CancellationToken cancellation) => Task.FromResult(result);
    }
}
