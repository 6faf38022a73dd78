using System.Runtime.CompilerServices;

namespace Substrate.Architecture.UnitTests;

/// <summary>The source tree that this test was compiled from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>All project files below a folder, by path relative to the root.</summary>
    public static IReadOnlyList<ProjectFile> Projects { get; } =
    [
        .. Directory.EnumerateFiles(Root, "*.csproj", SearchOption.AllDirectories)
            .Select(static path => Path.GetRelativePath(Root, path))
            .Where(static path => !path.Split('/').Any(static part => part is "artifacts" or "bin" or "obj" || part.StartsWith('.')))
            .Order(StringComparer.Ordinal)
            .Select(static path => new ProjectFile(Root, path)),
    ];

    private static string FindRoot([CallerFilePath] string here = "")
    {
        foreach (var start in new[] { Path.GetDirectoryName(here)!, AppContext.BaseDirectory })
        {
            for (var directory = new DirectoryInfo(start); directory is not null; directory = directory.Parent)
            {
                if (File.Exists(Path.Combine(directory.FullName, "Substrate.sln")))
                {
                    return directory.FullName;
                }
            }
        }

        throw new InvalidOperationException($"Neither {here} nor {AppContext.BaseDirectory} is inside a tree with Substrate.sln.");
    }
}
