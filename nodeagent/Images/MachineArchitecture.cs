using System.Runtime.InteropServices;

namespace Substrate.NodeAgent.Images;

/// <summary>This machine's architecture in the words of OCI images.</summary>
internal static class MachineArchitecture
{
    public static string Name { get; } = RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => "amd64",
        Architecture.Arm64 => "arm64",
        Architecture.Arm => "arm",
        Architecture.X86 => "386",
        var other => other.ToString().ToLowerInvariant(),
    };
}
