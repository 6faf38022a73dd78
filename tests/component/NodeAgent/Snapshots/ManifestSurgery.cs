using System.Security.Cryptography;
using System.Text;

namespace Substrate.NodeAgent.ComponentTests.Snapshots;

/// <summary>Rewrites a manifest with a checksum that matches: what another version or a forger would write.</summary>
internal static class ManifestSurgery
{
    public static void Rewrite(string path, Func<string, string> change)
    {
        const string Marker = "\"manifest\":";
        var text = File.ReadAllText(path);
        var start = text.IndexOf(Marker, StringComparison.Ordinal) + Marker.Length;
        var before = text[start..^2];
        var after = change(before);
        Assert.NotEqual(before, after);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(after)));
        File.WriteAllText(path, $$"""{"checksum":"sha256:{{hash}}","manifest":{{after}}}""" + "\n");
    }
}
