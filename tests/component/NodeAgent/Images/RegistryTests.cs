using System.Text;
using System.Text.Json.Nodes;
using Substrate.NodeAgent.Commands;
using Substrate.NodeAgent.Images;
using Substrate.TestSupport.Processes;
using Substrate.TestSupport.Registries;

namespace Substrate.NodeAgent.ComponentTests.Images;

/// <summary>Against a real registry.</summary>
public sealed class RegistryTests : IDisposable
{
    private readonly LayoutFixture _fixture = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Prepare_Tag_IsPulledAndKeepsItsDigestWhenTheTagMovesOn()
    {
        await using var registry = await RegistryServer.StartAsync();
        await PushAsync(registry, "old", "a/b:v1");
        await using var store = _fixture.Store();

        var image = await store.PrepareAsync($"docker://{registry.Host}/a/b:v1", null, Ct);
        await PushAsync(registry, "new", "a/b:v1");
        var again = await store.PrepareAsync($"docker://{registry.Host}/a/b:v1", image.Digest, Ct);
        await using var elsewhere = new ImageStore(
            Path.Combine(_fixture.Root, "elsewhere"), new CommandRunner(TimeProvider.System), LayoutFixture.NoRegistries, ImageLimits.Default, TimeProvider.System);
        var there = await elsewhere.PrepareAsync($"docker://{registry.Host}/a/b:v1", image.Digest, Ct);

        Assert.Same(image, again);
        Assert.Equal("old", await File.ReadAllTextAsync(Path.Combine(image.RootfsPath, "a"), Ct));
        Assert.Equal((image.Digest, "old"), (there.Digest, await File.ReadAllTextAsync(Path.Combine(there.RootfsPath, "a"), Ct)));
        Assert.Equal([Path.GetDirectoryName(image.RootfsPath)!], Directory.GetFileSystemEntries(_fixture.StorePath));
        Assert.Null(store.Progress($"docker://{registry.Host}/a/b:v1"));
    }

    [Fact]
    public async Task Prepare_DockerFormat_IsKnownByTheRegistrysDigest()
    {
        await using var registry = await RegistryServer.StartAsync();
        await PushAsync(registry, "x", "b:v1", "v2s2");
        await using var store = _fixture.Store();

        var image = await store.PrepareAsync($"docker://{registry.Host}/b:v1", null, Ct);
        var pinned = await store.PrepareAsync($"docker://{registry.Host}/b@{image.Digest}", null, Ct);

        Assert.Equal("x", await File.ReadAllTextAsync(Path.Combine(image.RootfsPath, "a"), Ct));
        Assert.Same(image, pinned);
        Assert.True(File.Exists(Path.Combine(registry.BlobsPath, image.Digest[7..9], image.Digest[7..], "data")));
    }

    [Fact]
    public async Task Prepare_IndexForSeveralMachines_TakesThisMachines()
    {
        await using var registry = await RegistryServer.StartAsync();
        var mine = _fixture.WriteImage(LayoutFixture.Architecture, [], new TarLayer().File("a", "mine"));
        var other = _fixture.WriteImage("s390x", [], new TarLayer().File("a", "other"));
        _fixture.Add("multi", _fixture.WriteIndexBlob(("s390x", other), (LayoutFixture.Architecture, mine)));
        _fixture.Add("foreign", _fixture.WriteIndexBlob(("s390x", other)));
        await registry.PushAsync($"oci:{_fixture.Layout}:multi", "c:multi");
        await registry.PushAsync($"oci:{_fixture.Layout}:foreign", "c:foreign");
        await using var store = _fixture.Store();

        var image = await store.PrepareAsync($"docker://{registry.Host}/c:multi", null, Ct);

        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(image.RootfsPath, "a"), Ct));
        await FailsAsync(store, $"docker://{registry.Host}/c:foreign", false, "linux/s390x", $"linux/{LayoutFixture.Architecture}");
    }

    [Fact]
    public async Task Prepare_LoginDemanded_NeedsTheAuthFileOrAHelper()
    {
        await using var registry = await RegistryServer.StartAsync(login: true);
        await PushAsync(registry, "x", "d:v1");
        var image = $"docker://{registry.Host}/d:v1";
        await using var stranger = Store("stranger", WriteAuth("none.json", []));
        await using var wrong = Store("wrong", WriteAuth("wrong.json", Auths(registry.Host, "guess")));
        await using var right = Store("right", WriteAuth("right.json", Auths(registry.Host, RegistryServer.Password)));

        await FailsAsync(stranger, image, false, "demands a login", "Node:RegistryAuthFile");
        await FailsAsync(wrong, image, false, "demands a login");
        Assert.True(File.Exists(Path.Combine((await right.PrepareAsync(image, null, Ct)).RootfsPath, "a")));

        var helper = Path.Combine(_fixture.Root, "docker-credential-test");
        await File.WriteAllTextAsync(
            helper, $$"""
            #!/bin/sh
            read -r server
            printf '{"ServerURL":"%s","Username":"{{RegistryServer.User}}","Secret":"{{RegistryServer.Password}}"}' "$server"
            """,
            Ct);
        File.SetUnixFileMode(helper, (UnixFileMode)0b111_101_101);
        await using var helped = Store(
            "helped",
            WriteAuth("helper.json", new JsonObject { ["credHelpers"] = new JsonObject { [registry.Host] = "test" } }),
            new WithPath(_fixture.Root));
        Assert.True(File.Exists(Path.Combine((await helped.PrepareAsync(image, null, Ct)).RootfsPath, "a")));
    }

    [Fact]
    public async Task Prepare_Mirror_IsAskedFirst()
    {
        await using var registry = await RegistryServer.StartAsync();
        await PushAsync(registry, "mirrored", "library/e:v1");
        var file = Path.Combine(_fixture.Root, "registries.conf");
        await File.WriteAllTextAsync(
            file, $"""
            [[registry]]
            location = "registry.invalid"
            [[registry.mirror]]
            location = "{registry.Host}"
            insecure = true
            """,
            Ct);
        await using var store = new ImageStore(
            _fixture.StorePath, new CommandRunner(TimeProvider.System), new("", file, TimeSpan.FromMinutes(1)), ImageLimits.Default, TimeProvider.System);

        var image = await store.PrepareAsync("docker://registry.invalid/library/e:v1", null, Ct);

        Assert.Equal("mirrored", await File.ReadAllTextAsync(Path.Combine(image.RootfsPath, "a"), Ct));
    }

    [Fact]
    public async Task Prepare_NotThere_SaysSo()
    {
        await using var registry = await RegistryServer.StartAsync();
        await PushAsync(registry, "x", "f:v1");
        await using var store = _fixture.Store();

        await FailsAsync(store, $"docker://{registry.Host}/f:v2", false, "no such image");
        await FailsAsync(store, $"docker://{registry.Host}/g:v1", false, "no such image");
        await FailsAsync(store, $"docker://{registry.Host}/f@sha256:{new string('1', 64)}", false, "no such image");
        await FailsAsync(store, $"docker://127.0.0.1:{FreePort.Next()}/f:v1", true, "cannot be reached");
    }

    [Fact]
    public async Task Prepare_BlobDamagedInTheRegistry_IsRefused()
    {
        await using var registry = await RegistryServer.StartAsync();
        await PushAsync(registry, "content", "h:v1");
        foreach (var blob in Directory.GetFiles(registry.BlobsPath, "data", SearchOption.AllDirectories))
        {
            var bytes = await File.ReadAllBytesAsync(blob, Ct);
            // The layer: gzip's magic.
            if (bytes is [0x1f, 0x8b, ..])
            {
                bytes[^1] ^= 1;
                await File.WriteAllBytesAsync(blob, bytes, Ct);
            }
        }

        await using var store = _fixture.Store();

        await FailsAsync(store, $"docker://{registry.Host}/h:v1", false, "sha256:");
    }

    private ImageStore Store(string name, string authFile, ICommandRunner? commands = null) => new(
        Path.Combine(_fixture.Root, name), commands ?? new CommandRunner(TimeProvider.System),
        new(authFile, "", TimeSpan.FromMinutes(1)), ImageLimits.Default, TimeProvider.System);

    private string WriteAuth(string name, JsonObject content)
    {
        var path = Path.Combine(_fixture.Root, name);
        File.WriteAllText(path, content.ToJsonString());
        return path;
    }

    private static JsonObject Auths(string host, string password) => new()
    {
        ["auths"] = new JsonObject
        {
            [host] = new JsonObject { ["auth"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{RegistryServer.User}:{password}")) },
        },
    };

    private async Task PushAsync(RegistryServer registry, string content, string name, string format = "oci")
    {
        _fixture.AddImage("push", layers: [new TarLayer().File("a", content)]);
        await registry.PushAsync($"oci:{_fixture.Layout}:push", name, format);
    }

    private static async Task FailsAsync(ImageStore store, string image, bool temporary, params string[] parts)
    {
        var error = await Assert.ThrowsAsync<ImageException>(() => store.PrepareAsync(image, null, Ct));

        Assert.All([image, .. parts], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.Equal(temporary, error.Temporary);
    }

    // A helper is a program on the PATH.
    private sealed class WithPath(string directory) : ICommandRunner
    {
        private readonly CommandRunner _runner = new(TimeProvider.System);

        public Task<CommandResult> RunAsync(Command command, CancellationToken cancellation) => _runner.RunAsync(
            command with { Environment = command.Environment.SetItem("PATH", $"{directory}:{Environment.GetEnvironmentVariable("PATH")}") }, cancellation);
    }
}
