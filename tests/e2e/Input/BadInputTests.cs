using System.Net;
using System.Text.Json;
using Substrate.EndToEndTests.World;
using Substrate.TestSupport.Processes;

namespace Substrate.EndToEndTests.Input;

/// <summary>One installation for all questions about wrong input.</summary>
public sealed class RunningInstallation : IAsyncLifetime
{
    internal Installation Up { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Up = await Installation.UpAsync();

    public async ValueTask DisposeAsync()
    {
        if (Up is not null)
        {
            await Up.DisposeAsync();
        }
    }
}

/// <summary>Wrong input gets an error that names the field, the value and the rule, and changes nothing.</summary>
public sealed class BadInputTests(RunningInstallation installation) : IClassFixture<RunningInstallation>, IDisposable
{
    private readonly ScratchDirectory _directory = new();

    private Installation Up => installation.Up;

    [Theory]
    [InlineData("/actors/demo/nobody/", HttpStatusCode.NotFound, "actor-not-found")]
    [InlineData("/actors/nowhere/nobody/", HttpStatusCode.NotFound, "actor-not-found")]
    [InlineData("/actors/demo/Not_A_Label/", HttpStatusCode.BadRequest, null)]
    public async Task Request_ThatNamesNoActor_IsAProblemThatSaysWhy(string path, HttpStatusCode status, string? reason)
    {
        using var response = await Up.GetAsync(path);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.False(string.IsNullOrEmpty(problem.RootElement.GetProperty("detail").GetString()));
        if (reason is not null)
        {
            Assert.Equal(reason, problem.RootElement.GetProperty("reason").GetString());
        }
    }

    [Theory]
    [InlineData("-bad-.demo.actors.localhost", HttpStatusCode.BadRequest)]
    [InlineData("a.b.c.d.actors.localhost", HttpStatusCode.BadRequest)]
    [InlineData("example.org", HttpStatusCode.NotFound)]
    public async Task Host_ThatIsNoActorsHost_IsRefusedWithTheRule(string host, HttpStatusCode status)
    {
        using var response = await Up.GetByHostAsync(host);
        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("create actor x -a demo -t demo/none", "ActorTemplate demo/none not found")]
    [InlineData("create actor x -a nowhere -t demo/counter", "Atespace nowhere not found")]
    [InlineData("create actor Bad_Name -a demo -t demo/counter", "invalid actor_id")]
    [InlineData("get actor nobody -a demo", "Actor nobody not found")]
    [InlineData("suspend actor nobody -a demo", "Actor nobody not found")]
    [InlineData("delete atespace nowhere", "Atespace nowhere not found")]
    public async Task Verb_AboutWhatIsNotThere_SaysWhat(string command, string message)
    {
        var refused = await Up.RunAsync(command.Split(' '));

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(message, refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("spec:\n  containers:\n  - name: x\n    image: oci:/x:latest\n    readyz: { httpGet: { port: 99999 } }\n", "spec.containers[0].readyz.httpGet.port: 99999")]
    [InlineData("spec:\n  containers: [\n", "bad.yaml:")]
    [InlineData("spec:\n  containers:\n  - name: x\n    imge: oci:/x:latest\n", "spec.containers[0].imge")]
    public async Task Manifest_ThatIsWrong_NamesLineAndField(string spec, string message)
    {
        var file = Write("bad.yaml", $"apiVersion: ate.dev/v1alpha1\nkind: ActorTemplate\nmetadata: {{ namespace: demo, name: bad }}\n{spec}");

        var refused = await Up.RunAsync("apply", "-f", file);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(message, refused.Error, StringComparison.Ordinal);
        Assert.Contains("bad.yaml:", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("demo/bad", await Up.OkAsync("get", "templates"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("noimage", "oci:/no/such/layout:latest", "[/counter]", 8080, "/no/such/layout")]
    [InlineData("exits", null, "[/bin/true]", 8080, "")]
    [InlineData("deaf", null, "[/counter]", 8099, "8099")]
    public async Task Template_ThatCannotComeUp_IsFailedAndItsActorsSayWhy(string name, string? image, string command, int port, string reason)
    {
        image ??= $"oci:{Path.Combine(Cli.Home, "artifacts", "images", "counter")}:latest";
        var file = Write($"{name}.yaml",
            $$"""
            apiVersion: ate.dev/v1alpha1
            kind: ActorTemplate
            metadata: { namespace: demo, name: {{name}} }
            spec:
              containers:
              - name: main
                image: "{{image}}"
                command: {{command}}
                readyz: { httpGet: { port: {{port}}, path: /readyz }, timeout: 3s }
            """);

        var applied = await Up.RunAsync("apply", "-f", file, "--wait");
        Assert.Equal(1, applied.ExitCode);
        Assert.Contains("Failed", applied.Error + applied.Output, StringComparison.Ordinal);
        Assert.Contains(reason, applied.Error + applied.Output, StringComparison.Ordinal);

        await Up.OkAsync("create", "actor", $"of-{name}", "-a", "demo", "-t", $"demo/{name}");
        using var response = await Up.GetAsync($"/actors/demo/of-{name}/");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains($"demo/{name}", body, StringComparison.Ordinal);
        Assert.Contains(reason, body, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private string Write(string name, string text)
    {
        var path = Path.Combine(_directory.Path, name);
        File.WriteAllText(path, text);
        return path;
    }
}
