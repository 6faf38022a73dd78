using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Substrate.Proxy.Configuration;

namespace Substrate.Proxy.Listening;

/// <summary>
/// The certificates of the ingress, chosen by the host that a client names. Files that change, and a configuration that names others, are
/// taken over for the next connection; what cannot be read leaves what is in use.
/// </summary>
internal sealed class Certificates(LiveOptions live, TimeProvider time, ILogger<Certificates> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    private volatile Loaded[] _loaded = [];
    private string _seen = "";

    /// <summary>What Kestrel asks for each handshake.</summary>
    public TlsHandshakeCallbackOptions Handshakes => new() { OnConnection = context => ValueTask.FromResult(Choose(context.ClientHelloInfo.ServerName).Options) };

    /// <summary>Reads the certificates for the first time.</summary>
    /// <exception cref="InvalidOperationException">One cannot be read; the message names its file.</exception>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        (_seen, _loaded) = (Fingerprint(), Load());
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Renew();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host ends.
        }
    }

    private void Renew()
    {
        var now = Fingerprint();
        if (now == _seen)
        {
            return;
        }

        // A change that cannot be read is said once; the next change is looked at again.
        _seen = now;
        try
        {
            _loaded = Load();
            Log.CertificatesLoaded(logger, _loaded.Length);
        }
        catch (InvalidOperationException e)
        {
            Log.CertificatesKept(logger, e.Message);
        }
    }

    private Loaded Choose(string? host)
    {
        foreach (var one in _loaded)
        {
            if (host is { Length: > 0 } && one.Certificate.MatchesHostname(host))
            {
                return one;
            }
        }

        return _loaded[0];
    }

    // Names and times of all files. A certificate and its key are two files: written one after the other, they fit only after the second.
    private string Fingerprint() => string.Join('|', live.Value.Certificates.Select(static c =>
        $"{c.Certificate}:{File.GetLastWriteTimeUtc(c.Certificate).Ticks}:{c.Key}:{(c.Key.Length == 0 ? 0 : File.GetLastWriteTimeUtc(c.Key).Ticks)}"));

    private Loaded[] Load() => [.. live.Value.Certificates.Select(static c => Load(c))];

    private static Loaded Load(ProxyCertificate files)
    {
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(files.Certificate);
            var certificate = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key.Length == 0 ? null : files.Key);
            return new(certificate, new SslServerAuthenticationOptions
            {
                ServerCertificateContext = SslStreamCertificateContext.Create(certificate, [.. chain.Skip(1)], offline: true),
            });
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{ProxyOptions.Section}:{nameof(ProxyOptions.Certificates)} has '{files.Certificate}' and '{files.Key}': {e.Message}", e);
        }
    }

    private sealed record Loaded(X509Certificate2 Certificate, SslServerAuthenticationOptions Options);
}
