using Substrate.Cli.Output;
using Substrate.Cli.Verbs;

namespace Substrate.Cli.UnitTests.Verbs;

public sealed class CommandTreeTests
{
    // A port of this machine that nothing listens on.
    private const string Nowhere = "https://127.0.0.1:1";

    [Theory]
    [InlineData("get actors", "no atespace given")]
    [InlineData("get actors -a demo -A", "-a and -A exclude each other")]
    [InlineData("get actors -a demo -o xml", "'xml' is not an output format")]
    [InlineData("get things", "things")]
    [InlineData("create actor alice -a demo", "--template")]
    [InlineData("create actor alice -a demo -t counter", "'counter' does not name a template")]
    [InlineData("create domain a.example.com", "--actor")]
    [InlineData("create domain a.example.com --actor alice", "--actor 'alice' does not name an actor")]
    [InlineData("suspend actor alice", "--atespace")]
    [InlineData("apply", "--filename")]
    [InlineData("up --slots 0", "--slots '0'")]
    [InlineData("up --slots many", "--slots 'many'")]
    [InlineData("up --port 70000", "--port 70000")]
    [InlineData("get workers --timeout soon", "'soon' is not a duration")]
    [InlineData("get workers --endpoint ftp://x", "--endpoint 'ftp://x'")]
    [InlineData("bench activation --cycles 0", "--cycles '0'")]
    [InlineData("bench activation --rounds some", "--rounds 'some'")]
    [InlineData("bench weather", "weather")]
    [InlineData("load --rate 0", "--rate '0': it is a number from 0.01 to 1000000")]
    [InlineData("load --zipf -1", "--zipf '-1'")]
    [InlineData("load --target ftp://x", "--target 'ftp://x' is not an address")]
    [InlineData("load --prefix A_", "--prefix 'A_'")]
    [InlineData("load --path x", "--path 'x' does not begin with a slash")]
    [InlineData("load --plan /nowhere.json", "--plan '/nowhere.json' is no plan of a load")]
    [InlineData("load --create counter", "'counter' does not name a template")]
    [InlineData("demo multiplex --actors none", "--actors 'none'")]
    [InlineData("completion tcsh", "no completion for 'tcsh'")]
    public async Task Arguments_Wrong_AreAUsageError(string line, string message)
    {
        var (code, output, error) = await RunAsync(line.Split(' '));

        Assert.Equal(ExitCode.Usage, code);
        Assert.Equal("", output);
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("get actors -A")]
    [InlineData("get workers -o json")]
    [InlineData("get template demo/counter")]
    [InlineData("get atespace demo")]
    [InlineData("create atespace demo")]
    [InlineData("create actor alice -a demo -t demo/counter")]
    [InlineData("suspend actor alice -a demo")]
    [InlineData("pause actor alice -a demo")]
    [InlineData("resume actor alice -a demo --boot")]
    [InlineData("delete actor alice -a demo")]
    [InlineData("delete atespace demo")]
    [InlineData("create domain a.example.com --actor demo/alice")]
    [InlineData("get domains")]
    [InlineData("delete domain a.example.com")]
    [InlineData("describe actor alice -a demo")]
    [InlineData("logs actor alice -a demo --tail 10")]
    public async Task Server_NotThere_IsUnreachable(string line)
    {
        var (code, output, error) = await RunAsync([.. line.Split(' '), "--endpoint", Nowhere]);

        Assert.Equal((ExitCode.Unreachable, ""), (code, output));
        Assert.StartsWith("error: cannot reach https://127.0.0.1:1: nothing listens there\n  Start it with 'substrate up'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_Missing_IsSaidBeforeAnythingIsSent()
    {
        var (code, _, error) = await RunAsync(["apply", "-f", "/nowhere/x.yaml", "--endpoint", Nowhere]);

        Assert.Equal((ExitCode.Failed, "error: cannot read /nowhere/x.yaml: no such file\n"), (code, error));
    }

    [Fact]
    public async Task Down_WithNothingRunning_SucceedsAndSaysSo()
    {
        var (code, output, _) = await RunAsync(["down", "--data", "/nowhere/data"]);

        Assert.Equal((ExitCode.Ok, "Nothing runs in /nowhere/data.\n"), (code, output));
    }

    [Fact]
    public async Task Status_WithNothingRunning_SaysHowToStart()
    {
        var (code, output, _) = await RunAsync(["status", "--data", "/nowhere/data"]);

        Assert.Equal(ExitCode.Unreachable, code);
        Assert.Contains("./substrate up --data /nowhere/data", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_IsANumber()
    {
        var (code, output, _) = await RunAsync(["version"]);

        Assert.Equal(ExitCode.Ok, code);
        Assert.Matches(@"^substrate \d+\.\d+\.\d+\S*\n$", output);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandTree.RunAsync(args, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
