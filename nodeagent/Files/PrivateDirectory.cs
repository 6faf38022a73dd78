namespace Substrate.NodeAgent.Files;

/// <summary>Makes directories that only the agent's own user may look into: they hold the memory and files of actors.</summary>
internal static class PrivateDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes the directory and its parents where they are missing; its full path.</summary>
    public static string Create(string path) => OperatingSystem.IsWindows()
        ? throw new PlatformNotSupportedException("the node agent runs on Linux")
        : Directory.CreateDirectory(path, OwnerOnly).FullName;
}
