namespace Substrate.Architecture.UnitTests;

/// <summary>Who may depend on whom. Data flows one way, so do references.</summary>
public sealed class DependencyTests
{
    private const string State = "state/Substrate.State.csproj";

    private const string Perf = "perf/Substrate.Perf.csproj";

    private static readonly string[] Roles = [State, "proxy/Substrate.Proxy.csproj", "scheduler/Substrate.Scheduler.csproj", "nodeagent/Substrate.NodeAgent.csproj"];

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        [State] = [],
        ["proxy/Substrate.Proxy.csproj"] = [State],
        ["scheduler/Substrate.Scheduler.csproj"] = [State],
        ["nodeagent/Substrate.NodeAgent.csproj"] = [State],
        [Perf] = Roles,
        ["cli/Substrate.Cli.csproj"] = [.. Roles, Perf],
    };

    // The implementation of the node calls, shared as source by those who call nodes.
    private const string NodeClient = "nodeagent/Client/";

    private static IEnumerable<ProjectFile> Parts => Repository.Projects
        .Where(static project => project.RelativePath == Perf || project.Part is not ("tests" or "perf" or "demos" or "k8s"));

    [Fact]
    public void Projects_OfTheSystem_AreKnownHere()
    {
        Assert.Empty(Parts.Select(static project => project.RelativePath).Except(Allowed.Keys));
        Assert.Contains(Repository.Projects, static project => project.RelativePath == State);
        Assert.True(Repository.Projects.Count > 4, "the tree was not found");
    }

    [Fact]
    public void References_OfTheSystem_GoOneWay()
    {
        foreach (var project in Parts)
        {
            Assert.True(
                project.References.All(reference => Allowed[project.RelativePath].Contains(reference)),
                $"{project} references {string.Join(", ", project.References.Except(Allowed[project.RelativePath]))}");
        }
    }

    [Fact]
    public void References_OfTheSystem_NeverReachTestsOrDemos() =>
        Assert.All(
            Repository.Projects.Where(static project => project.Part != "tests"),
            static project => Assert.DoesNotContain(project.References, static reference => reference.StartsWith("tests/", StringComparison.Ordinal)));

    [Fact]
    public void LinkedSources_OfTheSystem_AreTheNodeClientAlone() =>
        Assert.All(Parts, static project => Assert.All(
            project.LinkedSources,
            source => Assert.True(source.StartsWith(NodeClient, StringComparison.Ordinal), $"{project} compiles {source}")));

    [Fact]
    public void Protos_OfAnyProject_ComeFromTheCalleeAsClient() =>
        Assert.All(Repository.Projects, static project => Assert.All(project.Protos, proto =>
        {
            var own = proto.Path.StartsWith(project.Part + "/", StringComparison.Ordinal);
            var callee = proto.Path.StartsWith("nodeagent/Protos/", StringComparison.Ordinal)
                || proto.Path.StartsWith("scheduler/Protos/", StringComparison.Ordinal)
                || (project.Part == "tests" && proto.Path.StartsWith("tests/", StringComparison.Ordinal));
            Assert.True(callee, $"{project} generates from {proto.Path}, which is in no callee's Protos folder");
            Assert.True(
                own || proto.Generates is "Client" or "None" || project.Part == "tests",
                $"{project} generates {proto.Generates} from {proto.Path}, which belongs to another part");
        }));

    [Fact]
    public void State_Packages_HaveNoGrpcAndNoProxy() =>
        Assert.DoesNotContain(
            Repository.Projects.Single(static project => project.RelativePath == State).Packages,
            static package => ((string)package.Attribute("Include")!).StartsWith("Grpc", StringComparison.Ordinal)
                || ((string)package.Attribute("Include")!).StartsWith("Yarp", StringComparison.Ordinal));

    [Fact]
    public void Packages_OfAnyProject_TakeTheirVersionsFromOnePlace() =>
        Assert.All(Repository.Projects, static project => Assert.All(project.Packages, package =>
        {
            var fixedHere = package.Attribute("Version") ?? package.Attribute("VersionOverride") ?? (object?)package.Element("Version");
            Assert.True(fixedHere is null, $"{project} gives {(string?)package.Attribute("Include")} a version; versions belong into Directory.Packages.props");
        }));
}
