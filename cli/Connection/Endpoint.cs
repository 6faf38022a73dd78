using System.Net;
using Substrate.Cli.Output;

namespace Substrate.Cli.Connection;

/// <summary>Where the admin API is and how it is trusted.</summary>
/// <param name="Address">Base address, <c>https://host:port</c>.</param>
/// <param name="Token">Shared secret sent with every call; null for none.</param>
/// <param name="CertificateAuthority">PEM file that the server's certificate must come from; null for the system's.</param>
/// <param name="Insecure">Accept any certificate.</param>
/// <param name="Timeout">Longest wait for one call.</param>
internal sealed record Endpoint(Uri Address, string? Token, string? CertificateAuthority, bool Insecure, TimeSpan Timeout)
{
    public const string Default = "https://127.0.0.1:8443";

    /// <summary>On this machine, where the certificate made at first start is nobody else's.</summary>
    public bool IsLoopback => Address.IsLoopback || (IPAddress.TryParse(Address.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));

    public bool AcceptsAnyCertificate => CertificateAuthority is null && (Insecure || IsLoopback);

    /// <exception cref="CommandFailure">The address is not one, or a token would be sent readable over a network.</exception>
    public static Endpoint Parse(string address, string? token, string? certificateAuthority, bool insecure, TimeSpan timeout)
    {
        // A bare host:port is what clients of the original take.
        var text = address.Contains("://", StringComparison.Ordinal) ? address : $"https://{address}";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0 || uri.AbsolutePath != "/")
        {
            throw new CommandFailure($"--endpoint '{address}' is not an address", "Write it as https://HOST:PORT.", ExitCode.Usage);
        }

        if (certificateAuthority is not null && !File.Exists(certificateAuthority))
        {
            throw new CommandFailure($"--ca '{certificateAuthority}': no such file", null, ExitCode.Usage);
        }

        var endpoint = new Endpoint(uri, string.IsNullOrEmpty(token) ? null : token, certificateAuthority, insecure, timeout);
        if (endpoint is { Token: not null, IsLoopback: false, Address.Scheme: "http" })
        {
            throw new CommandFailure($"a token would be readable on the way to {address}", "Use https://.", ExitCode.Usage);
        }

        return endpoint;
    }
}
