using System.Text.Json;
using Substrate.TestSupport.Processes;

namespace Substrate.EndToEndTests.World;

/// <summary>What the counter answers.</summary>
internal sealed record Count(string Actor, string Atespace, long Memory, long File, string StartedAt);

/// <summary>A whole installation in one process, started and stopped through the command line.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMinutes(2) };

    private readonly ScratchDirectory _directory = new();
    private readonly int _slots;
    private bool _up;

    private Installation(int slots) => (_slots, Port) = (slots, FreeBasePort());

    public int Port { get; }

    public string Data => Path.Combine(_directory.Path, "data");

    public string Endpoint => $"https://127.0.0.1:{Port + 443}";

    /// <summary>Starts one with the counter demo; skips where the machine cannot run it.</summary>
    public static async Task<Installation> UpAsync(int slots = 4)
    {
        Requirements.Check();
        var installation = new Installation(slots);
        await installation.StartAsync();
        return installation;
    }

    public async Task StartAsync()
    {
        _up = true;
        await Cli.OkAsync("up", "--detach", "--port", $"{Port}", "--data", Data, "--slots", $"{_slots}");
    }

    public async Task DownAsync()
    {
        _up = false;
        await Cli.OkAsync("down", "--data", Data);
    }

    /// <summary>Kills the whole process, as a crash would; sandboxes live on.</summary>
    public async Task KillAsync()
    {
        using var process = System.Diagnostics.Process.GetProcessById(ProcessId());
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        _up = false;
    }

    /// <summary>Runs a verb against this installation and insists on success.</summary>
    public Task<string> OkAsync(params string[] arguments) => Cli.OkAsync([.. arguments, "--endpoint", Endpoint]);

    /// <summary>Runs a verb against this installation.</summary>
    public Task<CliResult> RunAsync(params string[] arguments) => Cli.RunAsync([.. arguments, "--endpoint", Endpoint]);

    /// <summary>A request by path.</summary>
    public Task<HttpResponseMessage> GetAsync(string path) =>
        Http.GetAsync($"http://127.0.0.1:{Port}{path}", TestContext.Current.CancellationToken);

    /// <summary>A request by host.</summary>
    public async Task<HttpResponseMessage> GetByHostAsync(string host, string path = "/")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{Port}{path}");
        request.Headers.Host = host;
        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Counts once on an actor.</summary>
    public async Task<Count> CountAsync(string actor, string atespace = "demo")
    {
        using var response = await GetAsync($"/actors/{atespace}/{actor}/");
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {body}\n{Log()}");
        return JsonSerializer.Deserialize<Count>(body, JsonSerializerOptions.Web)!;
    }

    /// <summary>The state of an actor, for instance <c>STATUS_PAUSED</c>.</summary>
    public async Task<string> StateAsync(string actor)
    {
        using var json = JsonDocument.Parse(await OkAsync("get", "actor", actor, "-a", "demo", "-o", "json"));
        var root = json.RootElement.TryGetProperty("actor", out var inner) ? inner : json.RootElement;
        return root.GetProperty("status").GetString()!;
    }

    /// <summary>Its process.</summary>
    public int ProcessId()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Data, "instance.json")));
        return json.RootElement.EnumerateObject().First(static p => p.Name.Equals("pid", StringComparison.OrdinalIgnoreCase)).Value.GetInt32();
    }

    /// <summary>The last lines of the installation's log.</summary>
    public string Log()
    {
        var log = Path.Combine(Data, "up.log");
        return File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(30)) : "";
    }

    public async ValueTask DisposeAsync()
    {
        if (_up)
        {
            await DownAsync();
        }

        _directory.Dispose();
    }

    // Other ports are derived from it, so a few at fixed distances have to be free as well.
    private static int FreeBasePort()
    {
        while (true)
        {
            var port = FreePort.Next();
            if (port < 60000 && new[] { 1, 10, 379, 443 }.All(distance => FreePort.IsFree(port + distance)))
            {
                return port;
            }
        }
    }
}
