using System.CommandLine;
using Substrate.Cli.Output;

namespace Substrate.Cli.Verbs;

/// <summary><c>get timers</c>.</summary>
internal static class GetTimers
{
    public static Command Create()
    {
        var (atespace, actor, format) = (Nouns.Atespace(required: true), SetTimer.Actor(required: false), Nouns.Format());
        var verb = new Verb("timer", "List the timers of an atespace, or of one of its actors")
        {
            Aliases = { "timers" },
            Options = { atespace, actor, format },
            Examples = ["substrate get timers -a demo", "substrate get timers -a demo --actor alice"],
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = ConnectionOptions.Connect(parsed);
            var found = await api.Admin.ListTimersAsync(
                new() { Atespace = parsed.GetRequiredValue(atespace), Actor = parsed.GetValue(actor) ?? "" }, api.Call(cancellationToken));
            Results.Show(parsed, found, parsed.GetValue(format), found.Timers.Count, "There are no timers.", () => new Listing("NAME", "ACTOR", "WHEN", "NEXT", "PROBLEM")
                .Rows(found.Timers.Select(static t => new[] { t.Name, t.Actor, t.Cron.Length > 0 ? $"{t.Cron} {t.TimeZone}".Trim() : t.At, t.Next, t.Problem })));
        });
        return verb;
    }
}
