using System.CommandLine;
using System.Globalization;
using Substrate.Admin.V1;
using Substrate.Cli.Output;

namespace Substrate.Cli.Verbs;

/// <summary><c>describe atespace</c>: its quotas and their use.</summary>
internal static class DescribeAtespace
{
    public static Command Create()
    {
        var (name, format) = (Nouns.Name("atespace"), Nouns.Format());
        var noun = new Verb("atespace", "Show the settings of an atespace, and what counts against its quotas")
        {
            Arguments = { name },
            Options = { format },
            Examples = ["substrate describe atespace team-a"],
        };
        noun.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = ConnectionOptions.Connect(parsed);
            var found = await api.Admin.GetAtespaceSettingsAsync(new() { Name = parsed.GetRequiredValue(name) }, api.Call(cancellationToken));
            Results.Show(parsed, found, parsed.GetValue(format), Text(found));
        });
        return noun;
    }

    /// <summary>One aligned line per fact; facts that are not there are left out.</summary>
    public static string Text(GetAtespaceSettingsResponse found)
    {
        var settings = found.Settings;
        return string.Join('\n', new (string Label, string Value)[]
        {
            ("Name", found.Name),
            ("Labels", string.Join(',', settings.Labels.OrderBy(static l => l.Key, StringComparer.Ordinal).Select(static l => $"{l.Key}={l.Value}"))),
            ("Actors", Of(Number(found.Actors), settings.MaxActors, Number(settings.MaxActors))),
            ("Running", settings.MaxRunning == 0 ? "" : Of(Number(found.Running), settings.MaxRunning, Number(settings.MaxRunning))),
            ("Memory", settings.MaxMemoryBytes == 0 ? "" : Of(ByteText.Of(found.MemoryBytes), settings.MaxMemoryBytes, ByteText.Of(settings.MaxMemoryBytes))),
            ("Pause after", settings.PauseAfter),
            ("Suspend after", settings.SuspendAfter),
            ("Auto-create", settings.AutoCreateTemplate),
        }.Where(static line => line.Value.Length > 0).Select(static line => $"{line.Label + ":",-14} {line.Value}"));
    }

    private static string Of(string use, long limit, string limitText) => limit == 0 ? use : $"{use} of at most {limitText}";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
