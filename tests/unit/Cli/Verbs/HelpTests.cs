using System.CommandLine;
using Substrate.Cli.Output;
using Substrate.Cli.Verbs;

namespace Substrate.Cli.UnitTests.Verbs;

public sealed class HelpTests
{
    public static TheoryData<string> Paths => [.. Below(CommandTree.Build(), "")];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Help_OfEveryVerb_HasExamples(string path)
    {
        using var output = new StringWriter();

        var code = await CommandTree.RunAsync([.. path.Split(' '), "--help"], output, TextWriter.Null);

        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("Examples:", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoArguments_ShowTheVerbs()
    {
        using var output = new StringWriter();

        Assert.Equal(ExitCode.Ok, await CommandTree.RunAsync([], output, TextWriter.Null));
        Assert.Contains("multiplex", await HelpOfAsync("demo"), StringComparison.Ordinal);
        Assert.Contains("up", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("substrate get ac", "actor")]
    [InlineData("./substrate get ac", "actor")]
    [InlineData("substrate completion ", "fish")]
    [InlineData("substrate get actors -o ", "yaml")]
    [InlineData("substrate get actors --al", "--all-atespaces")]
    public async Task Suggestions_ForAHalfTypedLine_ContainWhatMayFollow(string line, string expected)
    {
        using var output = new StringWriter();

        await CommandTree.RunAsync([$"[suggest:{line.Length}]", line], output, TextWriter.Null);

        Assert.Contains(expected, output.ToString().Split('\n').Select(static l => l.Trim()));
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _substrate substrate ./substrate")]
    [InlineData("zsh", "compdef _substrate substrate ./substrate")]
    [InlineData("fish", "complete -c substrate")]
    public async Task Completion_OfAShell_IsItsScript(string shell, string expected)
    {
        using var output = new StringWriter();

        await CommandTree.RunAsync(["completion", shell], output, TextWriter.Null);

        Assert.Contains(expected, output.ToString(), StringComparison.Ordinal);
    }

    private static async Task<string> HelpOfAsync(string verb)
    {
        using var output = new StringWriter();
        await CommandTree.RunAsync([verb, "--help"], output, TextWriter.Null);
        return output.ToString();
    }

    private static IEnumerable<string> Below(Command command, string path) => command.Subcommands.SelectMany(c =>
    {
        var full = $"{path} {c.Name}".Trim();
        return Below(c, full).Prepend(full);
    });
}
