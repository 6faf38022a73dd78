using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Substrate.NodeAgent.Images;
using Substrate.TestSupport.Processes;

namespace Substrate.NodeAgent.ComponentTests.Images;

/// <summary>Servers that are no registry, or a hostile one.</summary>
public sealed class StrangeRegistryTests : IDisposable
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    private readonly LayoutFixture _fixture = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public Task Prepare_WebPage_SaysSo() => FailsAsync(
        static context => Answer(context, 200, "text/html", "<html>welcome</html>"), temporary: false, "web page");

    [Fact]
    public Task Prepare_RedirectsInACircle_SaysSo() => FailsAsync(
        static context =>
        {
            context.Response.Redirect(context.Request.Path);
            return Task.CompletedTask;
        },
        temporary: false,
        "redirects in a circle");

    [Fact]
    public Task Prepare_LoginDemanded_SaysSo() => FailsAsync(
        static context =>
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"x\"";
            return Answer(context, 401, "application/json", """{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}""");
        },
        temporary: false,
        "demands a login");

    [Fact]
    public Task Prepare_OutOfService_IsTemporary() => FailsAsync(
        static context => Answer(context, 503, "text/plain", "later"), temporary: true, "503");

    [Fact]
    public Task Prepare_WrongMediaType_SaysSo() => FailsAsync(
        static context => Manifest(context, "application/json", """{"hello":"world"}"""), temporary: false, "neither an image manifest nor an index");

    [Fact]
    public Task Prepare_BrokenManifest_SaysSo() => FailsAsync(
        static context => Manifest(context, ManifestType, "{"), temporary: false, "not a manifest");

    [Fact]
    public Task Prepare_PinnedDigestAnsweredWithSomethingElse_IsRefused() => FailsAsync(
        static context => Manifest(context, ManifestType, """{"schemaVersion":2,"config":{"digest":"sha256:1","size":1},"layers":[]}"""),
        temporary: false,
        $"@sha256:{new string('1', 64)}",
        "digest");

    [Fact]
    public Task Prepare_ManifestThatClimbs_IsRefused() => FailsAsync(
        static context => Manifest(
            context,
            "application/vnd.oci.image.index.v1+json",
            """{"schemaVersion":2,"manifests":[{"mediaType":"m","digest":"sha256:../../../etc/passwd","size":1,"platform":{"os":"linux","architecture":"ARCH"}}]}"""
                .Replace("ARCH", LayoutFixture.Architecture, StringComparison.Ordinal)),
        temporary: false,
        "not a sha256 digest");

    private Task FailsAsync(RequestDelegate answer, bool temporary, string part) => FailsAsync(answer, temporary, ":v1", part);

    private async Task FailsAsync(RequestDelegate answer, bool temporary, string suffix, string part)
    {
        Executables.Require("skopeo");
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var server = builder.Build();
        server.Run(answer);
        await server.StartAsync(Ct);
        var image = $"docker://{new Uri(server.Urls.First()).Authority}/a/b{suffix}";
        await using var store = _fixture.Store();

        var error = await Assert.ThrowsAsync<ImageException>(() => store.PrepareAsync(image, null, Ct));

        Assert.Contains(image, error.Message, StringComparison.Ordinal);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Equal((temporary, error.Message), (error.Temporary, error.Message));
        Assert.Empty(Directory.GetFileSystemEntries(_fixture.StorePath));
    }

    private static Task Manifest(HttpContext context, string type, string manifest) =>
        context.Request.Path.Value!.Contains("/manifests/", StringComparison.Ordinal)
            ? Answer(context, 200, type, manifest)
            : Answer(context, 200, "application/json", "{}");

    private static async Task Answer(HttpContext context, int status, string type, string content)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = Encoding.UTF8.GetByteCount(content);
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.WriteAsync(content);
        }
    }
}
