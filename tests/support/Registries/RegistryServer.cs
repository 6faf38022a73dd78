using System.Globalization;
using System.Net;
using Substrate.TestSupport.Polling;
using Substrate.TestSupport.Processes;

namespace Substrate.TestSupport.Registries;

/// <summary>A real <c>docker-registry</c> of its own on a loopback port, deleted with its directory at the end. Without the program the test is skipped.</summary>
public sealed class RegistryServer : IAsyncDisposable
{
    public const string User = "reader";
    public const string Password = "secret";

    // bcrypt of Password.
    private const string Hash = "$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a";
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);
    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false });

    private readonly ScratchDirectory _directory = new();
    private readonly bool _login;
    private ChildProcess? _process;

    private RegistryServer(bool login) => _login = login;

    /// <summary><c>127.0.0.1:PORT</c></summary>
    public string Host { get; private set; } = "";

    /// <summary>Its blobs and manifests, for tests that damage them.</summary>
    public string BlobsPath => Path.Combine(_directory.Path, "data", "docker", "registry", "v2", "blobs", "sha256");

    /// <param name="login">Demand <see cref="User"/> and <see cref="Password"/> for everything.</param>
    public static async Task<RegistryServer> StartAsync(bool login = false)
    {
        var server = new RegistryServer(login);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await server.StartOnAsync(FreePort.Next());
                return server;
            }
            catch (InvalidOperationException) when (attempt < 5)
            {
                // Another process took the port between finding and binding it.
            }
        }
    }

    /// <summary>Copies an image of a layout into the registry.</summary>
    /// <param name="source"><c>oci:DIRECTORY:TAG</c></param>
    /// <param name="name"><c>REPOSITORY:TAG</c></param>
    /// <param name="format"><c>oci</c>, or <c>v2s2</c> for Docker's own formats.</param>
    public Task PushAsync(string source, string name, string format = "oci") => ChildProcess.RunAsync(
        Executables.Require("skopeo"),
        [
            "--insecure-policy", "copy", "--quiet", "--all", "--format", format, "--dest-tls-verify=false",
            .. _login ? ["--dest-creds", $"{User}:{Password}"] : Array.Empty<string>(), source, $"docker://{Host}/{name}",
        ],
        Within);

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            await process.DisposeAsync();
        }

        _directory.Dispose();
    }

    private async Task StartOnAsync(int port)
    {
        Host = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
        var passwords = Path.Combine(_directory.Path, "passwords");
        await File.WriteAllTextAsync(passwords, $"{User}:{Hash}\n");
        var config = Path.Combine(_directory.Path, "config.yml");
        await File.WriteAllTextAsync(config, $$"""
            version: 0.1
            log: { level: error }
            storage: { filesystem: { rootdirectory: {{Path.Combine(_directory.Path, "data")}} } }
            http: { addr: "{{Host}}" }
            {{(_login ? $"auth: {{ htpasswd: {{ realm: test, path: {passwords} }} }}" : "")}}
            """);
        var process = _process = ChildProcess.Start(Executables.Require("docker-registry"), ["serve", config]);
        await Eventually.TrueAsync(
            async () => process.HasExited
                ? throw new InvalidOperationException($"docker-registry ended at its start: {process.Output}")
                : await AnswersAsync(),
            Within,
            $"docker-registry answers on {Host}");
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var response = await Client.GetAsync(new Uri($"http://{Host}/v2/"));
            return response.StatusCode == (_login ? HttpStatusCode.Unauthorized : HttpStatusCode.OK);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
