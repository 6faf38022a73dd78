using Substrate.AteApi;
using Substrate.Scheduler.Api;

namespace Substrate.Scheduler.UnitTests.Api;

/// <summary>Messages that existing clients compare with equality.</summary>
public sealed class ApiRulesTests
{
    private const string Characters = "must start and end with a lower case alphanumeric character, and consist only of lower case alphanumeric characters or '-'";

    [Theory]
    [InlineData("", "", "id is required")]
    [InlineData("", "demo", "id is required")]
    [InlineData("a", "", "atespace is required")]
    [InlineData("A", "", "invalid actor_id: " + Characters)]
    [InlineData("-a", "demo", "invalid actor_id: " + Characters)]
    [InlineData("a\n", "demo", "invalid actor_id: " + Characters)]
    [InlineData("../a", "demo", "invalid actor_id: " + Characters)]
    [InlineData("a", "de_mo", "invalid atespace: " + Characters)]
    [InlineData("a", "demo", null)]
    public void Actor_Reference_IsChecked(string name, string atespace, string? expected) =>
        Assert.Equal(expected, ApiRules.Actor(new ActorRef { Name = name, Atespace = atespace }, "id"));

    [Fact]
    public void Actor_None_IsRequired() => Assert.Equal("actor_id is required", ApiRules.Actor(null, "actor_id"));

    [Fact]
    public void Actor_TooLong_SaysHowLong()
    {
        Assert.Equal("invalid actor_id: must be no more than 63 characters", ApiRules.Actor(new ActorRef { Name = new string('a', 64), Atespace = "demo" }, "id"));
        Assert.Equal("invalid atespace: must be no more than 63 characters", ApiRules.Atespace(new string('a', 1_000_000), "name"));
        Assert.Null(ApiRules.Atespace(new string('a', 63), "name"));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1000, null)]
    [InlineData(-1, "page_size cannot be negative")]
    [InlineData(1001, "page_size 1001 exceeds maximum page size 1000")]
    public void PageSize_Bounds(int size, string? expected) => Assert.Equal(expected, ApiRules.PageSize(size));

    [Theory]
    [InlineData("zone", "a", null)]
    [InlineData("example.com/zone", "", null)]
    [InlineData("", "a", "invalid worker_selector label key \"\": name part must be non-empty")]
    [InlineData("/a", "a", "invalid worker_selector label key \"/a\": prefix part must be non-empty")]
    [InlineData(
        "a b", "a",
        "invalid worker_selector label key \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')")]
    [InlineData(
        "a", "b c",
        "invalid worker_selector label value \"b c\" for key \"a\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')")]
    public void Selector_Label_IsChecked(string key, string value, string? expected) =>
        Assert.Equal(expected, ApiRules.Selector(new Selector { MatchLabels = { [key] = value } }));

    [Fact]
    public void Selector_TooManyLabels_SaysHowMany()
    {
        var selector = new Selector();
        for (var i = 0; i < 11; i++)
        {
            selector.MatchLabels[$"k{i}"] = "v";
        }

        Assert.Equal("worker_selector has 11 match_labels entries, exceeding the limit of 10", ApiRules.Selector(selector));
    }

    [Fact]
    public void Selector_HostileLabel_MakesNoHugeMessage() =>
        Assert.True(ApiRules.Selector(new Selector { MatchLabels = { [new string('!', 4_000_000)] = "" } })!.Length < 2_000);
}
