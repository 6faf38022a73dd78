using System.Xml.Linq;

namespace Substrate.Architecture.UnitTests;

/// <summary>What one .csproj says.</summary>
internal sealed class ProjectFile(string root, string path)
{
    private readonly XElement _xml = XElement.Load(Path.Combine(root, path));

    /// <summary>Path from the root, with slashes.</summary>
    public string RelativePath { get; } = path;

    /// <summary>Top-level folder, which is the part of the system.</summary>
    public string Part => RelativePath.Split('/')[0];

    public IEnumerable<XElement> Packages => _xml.Descendants("PackageReference");

    /// <summary>Projects it references, by path from the root.</summary>
    public IEnumerable<string> References => Included("ProjectReference");

    /// <summary>Source files of other folders that it compiles in.</summary>
    public IEnumerable<string> LinkedSources => Included("Compile").Where(IsElsewhere);

    /// <summary>Interface definitions it generates code from, with what is generated: <c>Client</c>, <c>Server</c>, <c>Both</c> or <c>None</c>.</summary>
    public IEnumerable<(string Path, string Generates)> Protos =>
        _xml.Descendants("Protobuf")
            .Where(static item => item.Attribute("Include") is not null)
            .Select(item => (FromRoot((string)item.Attribute("Include")!), (string?)item.Attribute("GrpcServices") ?? "Both"));

    public override string ToString() => RelativePath;

    private IEnumerable<string> Included(string element) =>
        _xml.Descendants(element).Select(static item => (string?)item.Attribute("Include")).OfType<string>().Select(FromRoot);

    private bool IsElsewhere(string included) => !included.StartsWith(Path.GetDirectoryName(RelativePath) + "/", StringComparison.Ordinal);

    private string FromRoot(string include) =>
        Path.GetRelativePath(root, Path.GetFullPath(Path.Combine(root, Path.GetDirectoryName(RelativePath)!, include.Replace('\\', '/'))));
}
