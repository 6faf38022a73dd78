using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Substrate.Proxy.ComponentTests.World;

/// <summary>A certificate that signs itself, as PEM files.</summary>
internal sealed class TestCertificate : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("substrate-tls-");

    public TestCertificate(string host) => Renew(host);

    public string Certificate => Path.Combine(_directory.FullName, "tls.crt");

    public string Key => Path.Combine(_directory.FullName, "tls.key");

    /// <summary>SHA-1 of the certificate that the files hold now.</summary>
    public string Thumbprint { get; private set; } = "";

    /// <summary>Writes another certificate into the files.</summary>
    public void Renew(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
        Thumbprint = certificate.Thumbprint;
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
