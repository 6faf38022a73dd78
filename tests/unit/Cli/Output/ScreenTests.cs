using Substrate.Cli.Output;

namespace Substrate.Cli.UnitTests.Output;

public sealed class ScreenTests
{
    [Fact]
    public void Failure_WithDetailsAndRemedy_IsWrittenToStandardError()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        new Screen(output, error, interactive: false).Fail(new CommandFailure("template demo/x failed: exit code 1", "Correct it.\nApply it again.") { Details = "boom\n" });

        Assert.Equal("", output.ToString());
        Assert.Equal("error: template demo/x failed: exit code 1\n  | boom\n  Correct it.\n  Apply it again.\n", error.ToString());
    }
}
