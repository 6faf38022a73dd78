using Xunit;

namespace Substrate.TestSupport.Processes;

/// <summary>Programs of the machine that tests need.</summary>
public static class Executables
{
    /// <summary>Full path of a program; null when the machine has none.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Concat(["/usr/sbin", "/sbin"])
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);

    /// <summary>Full path of a program; skips the running test when the machine has none.</summary>
    public static string Require(string name)
    {
        var path = Find(name);
        Assert.SkipWhen(path is null, $"{name} is not installed on this machine");
        return path!;
    }
}
