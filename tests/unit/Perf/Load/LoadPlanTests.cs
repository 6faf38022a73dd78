using System.Runtime.CompilerServices;
using System.Text.Json;
using Substrate.Perf.Load;

namespace Substrate.Perf.UnitTests.Load;

public sealed class LoadPlanTests
{
    [Fact]
    public void Plan_WrittenAndRead_SendsTheSameRequests()
    {
        var plan = new LoadPlan { Target = new Uri("http://127.0.0.1:8000"), Actors = ["a", "b"], Rate = 50, Turns = 2, Think = TimeSpan.FromMilliseconds(20), Check = AnswerCheck.Status };

        var read = LoadPlan.Parse(plan.ToJson());

        Assert.Equal(Schedule.Of(plan), Schedule.Of(read));
        Assert.Equal((plan.Target, plan.Check), (read.Target, read.Check));
    }

    [Fact]
    public void Plan_OfTheNBomberProject_IsOne() => Assert.Equal(10, LoadPlan.Parse(File.ReadAllText(NBomber("plan.json"))).Actors.Count);

    [Fact]
    public void Plan_WithoutActors_IsRefused() => Assert.Contains("actors", Assert.Throws<JsonException>(() => LoadPlan.Parse("""{"target":"http://127.0.0.1"}""")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"rate\":0", "rate 0")]
    [InlineData("\"actors\":[]", "actors is empty")]
    [InlineData("\"turns\":0", "turns 0")]
    [InlineData("\"duration\":\"00:00:00\"", "duration 00:00:00")]
    [InlineData("\"path\":\"x\"", "path 'x'")]
    [InlineData("\"connections\":0", "connections 0")]
    public void Plan_WithABrokenRule_NamesFieldAndValue(string field, string message)
    {
        var failure = Assert.Throws<JsonException>(() => LoadPlan.Parse("{\"target\":\"http://127.0.0.1\",\"actors\":[\"a\"]," + field + "}"));

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    // What the load generator compiles is what that project compiles: only its Program.cs is its own.
    [Fact]
    public void Sources_OfTheNBomberProject_AreTheLoadGenerators()
    {
        var project = System.Xml.Linq.XElement.Load(NBomber("Substrate.Perf.NBomber.csproj"));

        var linked = project.Descendants("Compile").SelectMany(static c => ((string)c.Attribute("Include")!).Split(';')).ToArray();

        Assert.Equal(8, linked.Length);
        Assert.All(linked, static file => Assert.True(File.Exists(NBomber(file)), $"{file} is not there"));
        Assert.Equal(["Program.cs"], Directory.EnumerateFiles(NBomber("."), "*.cs").Select(Path.GetFileName));
    }

    private static string NBomber(string file, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "..", "perf", "nbomber", file);
}
