using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using Substrate.NodeAgent.Commands;

namespace Substrate.NodeAgent.ComponentTests.Commands;

public sealed class CommandRunnerTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly CommandRunner _runner = new(TimeProvider.System);
    private readonly string _directory = Directory.CreateTempSubdirectory("commands-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Run_Command_GivesExitCodeAndBothStreams()
    {
        var result = await _runner.RunAsync("sh", ["-c", "echo out; echo err >&2; echo last >&2; exit 3"], Long, Ct);

        Assert.Equal(new CommandResult(CommandOutcome.Exited, 3, "out\n", "err\nlast\n"), result);
        Assert.False(result.Succeeded);
        Assert.Equal("last", result.LastLine);
    }

    [Fact]
    public async Task Run_ArgumentsFullOfShell_ArriveAsTheyAre()
    {
        string[] arguments = ["$(id)", "`id`", "a b", "'", "\"", "*", "", ";", "\n"];

        var direct = await _runner.RunAsync("printf", ["%s|", .. arguments], Long, Ct);
        var file = Path.Combine(_directory, "a $(id) file");
        var redirected = await _runner.RunAsync(new Command("printf", ["%s|", .. arguments]) { OutputFile = file }, Ct);

        Assert.Equal(string.Join('|', arguments) + "|", direct.Output);
        Assert.True(redirected.Succeeded, redirected.Error);
        Assert.Equal(direct.Output, await File.ReadAllTextAsync(file, Ct));
    }

    [Fact]
    public async Task Run_Input_IsReadToItsEnd()
    {
        var text = new string('x', 300_000);

        Assert.Equal(text, (await _runner.RunAsync("cat", [], text, Long, Ct)).Output);
        Assert.Equal("", (await _runner.RunAsync("cat", [], Long, Ct)).Output);
        Assert.True((await _runner.RunAsync("true", [], text, Long, Ct)).Succeeded);
    }

    [Fact]
    public async Task Run_NoSuchProgram_IsNotStarted()
    {
        var result = await _runner.RunAsync("no-such-program", [], Long, Ct);

        Assert.Equal((CommandOutcome.NotStarted, 127), (result.Outcome, result.ExitCode));
        Assert.Contains("no-such-program", result.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TimeIsUp_KillsTheCommandAndItsChildren()
    {
        var time = new FakeTimeProvider();
        var pids = Path.Combine(_directory, "pids");
        var run = new CommandRunner(time).RunAsync("sh", ["-c", "sleep 300 & echo $! $$ > \"$0.new\"; mv \"$0.new\" \"$0\"; wait", pids], TimeSpan.FromSeconds(9), Ct);
        await AppearsAsync(pids);

        time.Advance(TimeSpan.FromSeconds(9));
        var result = await run;

        Assert.Equal((CommandOutcome.TimedOut, -1), (result.Outcome, result.ExitCode));
        Assert.Contains("9 s", result.LastLine, StringComparison.Ordinal);
        await DieAsync(pids);
    }

    [Fact]
    public async Task Run_CallerLeaves_KillsTheCommand()
    {
        using var leaving = new CancellationTokenSource();
        var pids = Path.Combine(_directory, "pids");
        var run = _runner.RunAsync("sh", ["-c", "echo $$ > \"$0.new\"; mv \"$0.new\" \"$0\"; exec sleep 300", pids], Long, leaving.Token);
        await AppearsAsync(pids);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await DieAsync(pids);
    }

    [Fact]
    public async Task Run_CommandThatLeavesAProcessBehind_EndsWithTheCommand()
    {
        var pids = Path.Combine(_directory, "pids");
        var started = Stopwatch.GetTimestamp();

        var result = await _runner.RunAsync("sh", ["-c", "setsid sleep 300 & echo $! > \"$0\"; echo done", pids], Long, Ct);

        try
        {
            Assert.Equal("done\n", result.Output);
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20));
        }
        finally
        {
            foreach (var pid in Pids(pids))
            {
                using var left = Process.GetProcessById(pid);
                left.Kill();
            }
        }
    }

    [Fact]
    public async Task Run_OutputFiles_AreAppendedTo()
    {
        var output = Path.Combine(_directory, "out");
        await File.WriteAllTextAsync(output, "before\n", Ct);

        var both = await _runner.RunAsync(new Command("sh", ["-c", "echo out; echo err >&2; cat"]) { OutputFile = output, ErrorFile = output }, Ct);
        var errors = await _runner.RunAsync(new Command("sh", ["-c", "echo out; echo err >&2; cat"]) { OutputFile = "/dev/null", Input = "x" }, Ct);

        Assert.Equal((0, "", ""), (both.ExitCode, both.Output, both.Error));
        Assert.Equal("before\nout\nerr\n", await File.ReadAllTextAsync(output, Ct));
        Assert.Equal((0, "", "err\n"), (errors.ExitCode, errors.Output, errors.Error));
    }

    [Fact]
    public async Task Run_TalkativeCommand_KeepsTheEndOfIt()
    {
        var result = await _runner.RunAsync("sh", ["-c", "head -c 20000000 /dev/zero | tr '\\0' x; echo end"], Long, Ct);

        Assert.InRange(result.Output.Length, OutputCapture.Kept, 2 * OutputCapture.Kept);
        Assert.EndsWith("xend\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ManyTimes_LeaksNoDescriptorsAndHandsNoneOn()
    {
        await using var secret = File.OpenRead("/etc/hostname");
        var alone = await _runner.RunAsync("ls", ["-l", "/proc/self/fd"], Long, Ct);
        var before = Descriptors();
        Assert.DoesNotContain("/etc/hostname", alone.Output, StringComparison.Ordinal);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            async () =>
            {
                for (var i = 0; i < 10; i++)
                {
                    // The pipes of the others are not among them; what whoever started the tests handed on may be.
                    var result = await _runner.RunAsync("ls", ["-l", "/proc/self/fd"], Long, Ct);
                    Assert.Equal(alone.Output.Split('\n').Length, result.Output.Split('\n').Length);
                }
            },
            Ct)));

        Assert.InRange(Descriptors(), 0, before + 5);
    }

    private static int Descriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    private static int[] Pids(string file) => [.. File.ReadAllText(file).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

    private static Task AppearsAsync(string file) => UntilAsync(() => File.Exists(file), $"{file} never appeared");

    private static Task DieAsync(string pids) => UntilAsync(
        () => Pids(pids).All(static pid => !Directory.Exists($"/proc/{pid}") || File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal)),
        "the command's processes live on");

    private static async Task UntilAsync(Func<bool> condition, string otherwise)
    {
        for (var deadline = Stopwatch.StartNew(); !condition(); await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Ct))
        {
            Assert.True(deadline.Elapsed < TimeSpan.FromSeconds(20), otherwise);
        }
    }
}
