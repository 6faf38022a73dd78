using System.Net;
using System.Net.Http.Json;
using System.Net.Quic;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Substrate.Proxy.ComponentTests.World;
using Substrate.TestSupport.Polling;
using Substrate.TestSupport.Redis;

namespace Substrate.Proxy.ComponentTests.Protocols;

public sealed class TlsTests(RedisServer redis) : IClassFixture<RedisServer>
{
    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Tls_EitherVersion_IsAgreedOnAndTold(string version)
    {
        using var certificate = new TestCertificate("*.demo.actors.localhost");
        await using var world = await StartAsync(certificate);
        await world.CreateAsync("alice");
        var (echo, spoken, _) = await AskAsync(world, Version.Parse(version));
        Assert.Equal(("demo/alice", "https", version), (echo.Actor, echo.Headers["X-Forwarded-Proto"], spoken.ToString()));
    }

    [Fact]
    public async Task Certificate_FilesChange_IsServedToNewConnectionsAndABrokenOneIsNot()
    {
        using var certificate = new TestCertificate("alice.demo.actors.localhost");
        await using var world = await StartAsync(certificate);
        await world.CreateAsync("alice");
        Assert.Equal(certificate.Thumbprint, (await AskAsync(world, HttpVersion.Version11)).Thumbprint);

        certificate.Renew("alice.demo.actors.localhost");
        await Eventually.TrueAsync(
            async () => (await AskAsync(world, HttpVersion.Version11)).Thumbprint == certificate.Thumbprint, Installation.Soon, "the new certificate is served");

        await File.WriteAllTextAsync(certificate.Certificate, "no certificate", TestContext.Current.CancellationToken);
        Assert.Equal(certificate.Thumbprint, (await AskAsync(world, HttpVersion.Version11)).Thumbprint);
    }

    [Fact]
    public async Task Http3_WhereItsLibraryIsInstalled_IsServed()
    {
        if (!OperatingSystem.IsLinux() || !QuicListener.IsSupported)
        {
            Assert.Skip("libmsquic, which speaks QUIC, is not installed");
        }

        using var certificate = new TestCertificate("localhost");
        await using var world = await StartAsync(certificate);
        await world.CreateAsync("alice");
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, given, _, _) => given is X509Certificate2 own && own.Thumbprint == certificate.Thumbprint } });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://localhost:{Port(world)}/actors/demo/alice/")
        {
            Version = HttpVersion.Version30,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await client.SendAsync(request);
        Assert.Equal((HttpVersion.Version30, HttpStatusCode.OK), (response.Version, response.StatusCode));
    }

    private Task<Installation> StartAsync(TestCertificate certificate) => Installation.StartAsync(
        redis,
        1,
        ("Proxy:Listen", "http://127.0.0.1:0;https://127.0.0.1:0"),
        ("Proxy:Certificates:0:Certificate", certificate.Certificate),
        ("Proxy:Certificates:0:Key", certificate.Key));

    private static async Task<(Echo Echo, Version Version, string Thumbprint)> AskAsync(Installation world, Version version)
    {
        var thumbprint = "";
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, Port(world), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, given, _, _) =>
        {
            thumbprint = ((X509Certificate2)given!).Thumbprint;
            return given.Subject.EndsWith("demo.actors.localhost", StringComparison.Ordinal);
        };
        using var client = new HttpClient(handler) { DefaultRequestVersion = version, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await client.GetAsync("https://alice.demo.actors.localhost/");
        return ((await response.Content.ReadFromJsonAsync<Echo>())!, response.Version, thumbprint);
    }

    private static int Port(Installation world) =>
        new Uri(world.Proxy.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .First(static a => a.StartsWith("https://", StringComparison.Ordinal))).Port;
}
