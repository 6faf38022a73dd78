using System.Globalization;
using Substrate.TestSupport.Polling;
using Substrate.TestSupport.Processes;
using Xunit;

namespace Substrate.TestSupport.S3;

/// <summary>A real S3 server (<c>s3rver</c>) with one bucket on a loopback port. Where the machine has none the test is skipped with that reason.</summary>
public sealed class S3Server : IAsyncLifetime
{
    /// <summary>The bucket that is there from the start.</summary>
    public const string Bucket = "snapshots";

    /// <summary>Access key and secret key alike.</summary>
    public const string Credential = "S3RVER";

    private readonly ScratchDirectory _directory = new();
    private ChildProcess? _process;

    public int Port { get; } = FreePort.Next();

    public async ValueTask InitializeAsync()
    {
        var program = Environment.GetEnvironmentVariable("SUBSTRATE_S3RVER") ?? Executables.Find("s3rver");
        Assert.SkipWhen(program is null || !File.Exists(program), "no S3 server on this machine: ./substrate test installs s3rver by npm and names it in SUBSTRATE_S3RVER");
        var process = _process = ChildProcess.Start(
            program!,
            ["--directory", _directory.Path, "--address", "127.0.0.1", "--port", Port.ToString(CultureInfo.InvariantCulture), "--configure-bucket", Bucket, "--silent"]);
        using var http = new HttpClient();
        await Eventually.TrueAsync(
            async () => process.HasExited ? throw new InvalidOperationException($"s3rver ended at its start: {process.Output}") : await AnswersAsync(http),
            TimeSpan.FromSeconds(30),
            $"s3rver answers on port {Port}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            await process.DisposeAsync();
        }

        _directory.Dispose();
    }

    private async Task<bool> AnswersAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/{Bucket}")));
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
