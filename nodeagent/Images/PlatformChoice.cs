namespace Substrate.NodeAgent.Images;

/// <summary>Chooses among the manifests of an index that one which is for this machine.</summary>
internal static class PlatformChoice
{
    /// <summary>The manifest for this machine; null when there is none.</summary>
    public static Descriptor? ForThisMachine(IReadOnlyList<Descriptor> manifests) =>
        manifests.FirstOrDefault(static d =>
            d.Platform is { OperatingSystem: "linux" } platform && platform.Architecture == MachineArchitecture.Name)
        ?? (manifests is [{ Platform: null } only] ? only : null);

    /// <summary>What the manifests are for, in words.</summary>
    public static string Describe(IEnumerable<Descriptor> manifests) =>
        string.Join(", ", manifests.Select(static d => d.Platform?.ToString() ?? "unknown").Distinct());

    public static string Problem(string there) =>
        $"it is for {there}, but this machine is linux/{MachineArchitecture.Name}; build it for this architecture";
}
