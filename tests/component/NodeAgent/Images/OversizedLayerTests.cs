using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Substrate.NodeAgent.Commands;
using Substrate.NodeAgent.Images;

namespace Substrate.NodeAgent.ComponentTests.Images;

/// <summary>Layers that are small to send and would fill the disk, and layers that are not what their manifest says.</summary>
public sealed class OversizedLayerTests : IDisposable
{
    private const long FiveGigabytes = 5L * 1024 * 1024 * 1024;
    private const string Gzip = "application/vnd.oci.image.layer.v1.tar+gzip";

    private readonly LayoutFixture _fixture = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public Task Prepare_FiveGigabytesOfZeros_AreRefusedBeforeTheyAreWritten() =>
        FailsAsync(Gzip, Compress(Header("big", '0', FiveGigabytes), zeros: 300 << 20), ImageLimits.Default, "times its", "emptiness");

    [Fact]
    public Task Prepare_SparseFile_IsRefused() =>
        FailsAsync(Gzip, Compress(Header("sparse", 'S', 512), zeros: 2048), ImageLimits.Default, "of a kind that images do not have", "SparseFile");

    [Fact]
    public Task Prepare_LargerThanTheLimit_NamesTheOption() =>
        FailsAsync(Gzip, Compress(Header("big", '0', 8 << 20), zeros: 9 << 20), new ImageLimits(1 << 20), "Node:ImageBytes", "1048576");

    [Theory]
    [InlineData("application/vnd.oci.image.layer.v1.tar+zstd")]
    [InlineData("text/html")]
    public Task Prepare_LayerOfAnotherMediaType_SaysWhich(string type) => FailsAsync(type, [1, 2, 3], ImageLimits.Default, $"media type '{type}'");

    [Fact]
    public Task Prepare_LayerThatIsNoArchive_SaysSo() =>
        FailsAsync("application/vnd.oci.image.layer.v1.tar", Encoding.ASCII.GetBytes(new string('x', 4096)), ImageLimits.Default, "not a readable tar");

    [Fact]
    public Task Prepare_LayerThatIsNotGzip_SaysSo() =>
        FailsAsync(Gzip, Encoding.ASCII.GetBytes(new string('x', 4096)), ImageLimits.Default, "not a readable tar");

    private async Task FailsAsync(string type, byte[] layer, ImageLimits limits, params string[] parts)
    {
        var config = new JsonObject { ["architecture"] = LayoutFixture.Architecture, ["os"] = "linux" };
        _fixture.Add("x", _fixture.WriteJson("application/vnd.oci.image.manifest.v1+json", new JsonObject
        {
            ["schemaVersion"] = 2,
            ["config"] = _fixture.WriteJson("application/vnd.oci.image.config.v1+json", config),
            ["layers"] = new JsonArray(_fixture.WriteBlob(type, layer)),
        }));
        await using var store = new ImageStore(
            _fixture.StorePath, new CommandRunner(TimeProvider.System), LayoutFixture.NoRegistries, limits, TimeProvider.System);

        var error = await Assert.ThrowsAsync<ImageException>(() => store.PrepareAsync($"oci:{_fixture.Layout}:x", null, Ct));

        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.Empty(Directory.GetFileSystemEntries(_fixture.StorePath));
    }

    private static byte[] Compress(byte[] header, long zeros)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(header);
            var block = new byte[1 << 20];
            for (var left = zeros; left > 0; left -= block.Length)
            {
                gzip.Write(block.AsSpan(0, (int)Math.Min(left, block.Length)));
            }
        }

        return bytes.ToArray();
    }

    // A header in GNU's form; sizes above 8 GiB do not occur here, so eleven octal digits do.
    private static byte[] Header(string name, char type, long size)
    {
        var header = new byte[512];
        Put(0, name);
        Put(100, "0000644\0");
        Put(108, "0000000\0");
        Put(116, "0000000\0");
        Put(124, Convert.ToString(size, 8).PadLeft(11, '0') + "\0");
        Put(136, "00000000000\0");
        Put(148, "        ");
        header[156] = (byte)type;
        Put(257, "ustar  \0");
        Put(148, Convert.ToString(header.Sum(static b => b), 8).PadLeft(6, '0') + "\0 ");
        return header;

        void Put(int at, string text) => Encoding.ASCII.GetBytes(text).CopyTo(header, at);
    }
}
