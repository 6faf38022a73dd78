using System.Net;
using System.Net.Sockets;
using Substrate.EndToEndTests.World;
using Substrate.TestSupport.Processes;

namespace Substrate.EndToEndTests.Standalone;

/// <summary>What <c>up</c> cannot start with: a clear message with the remedy, no stack trace, a non-zero exit, nothing half made.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly ScratchDirectory _directory = new();

    private string Data => Path.Combine(_directory.Path, "data");

    [Fact]
    public async Task PortTaken_SaysWhichAndHowToChooseAnother()
    {
        Requirements.Check();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        Refused(await Cli.RunAsync("up", "--port", $"{port}", "--data", Data), $"{port}", "--port");
    }

    [Fact]
    public async Task RunscMissing_SaysWhereToGetIt()
    {
        Requirements.Check();
        var environment = new Dictionary<string, string> { ["SUBSTRATE_RUNSC"] = "/no/such/runsc" };

        Refused(await Cli.RunAsync(environment, "up", "--port", $"{FreePort.Next()}", "--data", Data), "runsc", "gVisor");
    }

    [Fact]
    public async Task DataOfANewerVersion_IsLeftAlone()
    {
        Requirements.Check();
        Directory.CreateDirectory(Data);
        await File.WriteAllTextAsync(Path.Combine(Data, "version"), "9999\n", TestContext.Current.CancellationToken);

        var refused = await Cli.RunAsync("up", "--port", $"{FreePort.Next()}", "--data", Data);

        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("9999", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Error, StringComparison.Ordinal);
        Assert.Equal("9999\n", await File.ReadAllTextAsync(Path.Combine(Data, "version"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Down_WithNothingRunning_SaysSoAndSucceeds() =>
        Assert.Equal(0, (await Cli.RunAsync("down", "--data", Data)).ExitCode);

    [Fact]
    public async Task Verb_WithNothingRunning_SaysHowToStart()
    {
        var refused = await Cli.RunAsync("get", "actors", "-A", "--endpoint", $"https://127.0.0.1:{FreePort.Next()}");

        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("substrate up", refused.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private void Refused(CliResult refused, params string[] expected)
    {
        Assert.NotEqual(0, refused.ExitCode);
        Assert.All(expected, text => Assert.Contains(text, refused.Error, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data), "a refused start made its data directory");
    }
}
