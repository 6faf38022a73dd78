using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace Substrate.Scheduler.Security;

/// <summary>The admin API's own certificate, made at the first start and kept readable by its owner only.</summary>
internal sealed class ServerCertificate(IOptions<SchedulerOptions> options, TimeProvider time, ILogger<ServerCertificate> logger)
{
    private const string FileName = "admin-api.pfx";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Clients do not check it against an authority, so it lives long and is renewed in time at a start.
    private static readonly TimeSpan Life = TimeSpan.FromDays(3650);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(60);

    /// <summary>Loads the certificate, making it first where there is none that is still good.</summary>
    /// <exception cref="IOException">The directory cannot be used.</exception>
    public X509Certificate2 Load()
    {
        var directory = Path.GetFullPath(options.Value.DataDirectory);
        var path = Path.Combine(directory, FileName);
        try
        {
            if (File.Exists(path) && Read(path) is { } kept)
            {
                return kept;
            }

            Directory.CreateDirectory(directory);
            Write(path);
            SchedulerLog.CertificateMade(logger, path);
            return Read(path) ?? throw new IOException($"the certificate {path} does not read back");
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new IOException($"Scheduler:DataDirectory: {directory} cannot be used: {e.Message}", e);
        }
    }

    private X509Certificate2? Read(string path)
    {
        try
        {
            var certificate = X509CertificateLoader.LoadPkcs12FromFile(path, null);
            return certificate.NotAfter.ToUniversalTime() - time.GetUtcNow().UtcDateTime > RenewBefore ? certificate : null;
        }
        catch (CryptographicException)
        {
            // Not a certificate: another one takes its place.
            return null;
        }
    }

    private void Write(string path)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=substrate", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        if (!string.Equals(Dns.GetHostName(), "localhost", StringComparison.OrdinalIgnoreCase))
        {
            names.AddDnsName(Dns.GetHostName());
        }

        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        var now = time.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now + Life);

        // Whole or not at all: a start that is killed half-way must not leave a broken file.
        var part = $"{path}.{Environment.ProcessId}";
        var creation = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            creation.UnixCreateMode = OwnerOnly;
        }

        using (var file = new FileStream(part, creation))
        {
            file.Write(certificate.Export(X509ContentType.Pfx));
        }

        File.Move(part, path, overwrite: true);
    }
}
