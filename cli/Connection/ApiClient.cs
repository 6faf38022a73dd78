using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using Substrate.AteApi;
using AdminClient = Substrate.Admin.V1.Admin.AdminClient;

namespace Substrate.Cli.Connection;

/// <summary>The admin API behind one endpoint.</summary>
internal sealed class ApiClient : IDisposable
{
    private const int LargestMessage = 64 * 1024 * 1024; // A page of 1000 actors is far below; templates carry their manifests.

    private readonly GrpcChannel _channel;
    private readonly TimeProvider _time;

    public ApiClient(Endpoint endpoint, TimeProvider time)
    {
        Endpoint = endpoint;
        _time = time;
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            UseProxy = false,
            EnableMultipleHttp2Connections = true,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = ValidatorOf(endpoint) },
        };
        _channel = GrpcChannel.ForAddress(endpoint.Address, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = LargestMessage,
        });
        Control = new Control.ControlClient(_channel);
        Admin = new AdminClient(_channel);
    }

    public Endpoint Endpoint { get; }

    public Control.ControlClient Control { get; }

    public AdminClient Admin { get; }

    /// <summary>Options of one call: token, deadline (the endpoint's timeout unless named), cancellation.</summary>
    public CallOptions Call(CancellationToken cancellationToken, TimeSpan? timeout = null) =>
        new(Headers(), _time.GetUtcNow().UtcDateTime + (timeout ?? Endpoint.Timeout), cancellationToken);

    /// <summary>Options of a call that goes on until it is cancelled.</summary>
    public CallOptions Stream(CancellationToken cancellationToken) => new(Headers(), deadline: null, cancellationToken);

    public void Dispose() => _channel.Dispose();

    private Metadata Headers() => Endpoint.Token is { } token ? new Metadata { { "authorization", $"Bearer {token}" } } : [];

    private static RemoteCertificateValidationCallback? ValidatorOf(Endpoint endpoint)
    {
        if (endpoint.AcceptsAnyCertificate)
        {
            // Whoever made it: a first start makes its own, which no authority knows.
            return static (_, certificate, _, _) => certificate is not null;
        }

        if (endpoint.CertificateAuthority is not { } file)
        {
            return null;
        }

        var trusted = new X509Certificate2Collection();
        trusted.ImportFromPemFile(file);
        return (_, certificate, _, errors) =>
        {
            if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            {
                return false;
            }

            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            using var leaf = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
            return chain.Build(leaf);
        };
    }
}
