using System.CommandLine;

namespace Substrate.Cli.Verbs;

/// <summary><c>set timer</c>: wakes an actor at a time, or by cron.</summary>
internal static class SetTimer
{
    public static Command Create()
    {
        var (name, atespace, actor, format) = (Nouns.Name("timer"), Nouns.Atespace(required: true), Actor(required: true), Nouns.Format());
        var at = new Option<string>("--at") { Description = "Time to wake it once, as RFC 3339", HelpName = "TIME" };
        var cron = new Option<string>("--cron") { Description = "When to wake it again and again: five fields, or six with seconds first", HelpName = "EXPRESSION" };
        var zone = new Option<string>("--time-zone") { Description = "Zone that --cron is read in (default: UTC)", HelpName = "ZONE" };
        var verb = new Verb("timer", "Wake an actor at a time, or by cron; replaces a timer of the same name")
        {
            Arguments = { name },
            Options = { atespace, actor, at, cron, zone, format },
            Examples =
            [
                "substrate set timer morning --actor alice -a demo --cron '0 7 * * 1-5' --time-zone Europe/Berlin",
                "substrate set timer once --actor alice -a demo --at 2030-01-31T08:00:00Z",
            ],
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = ConnectionOptions.Connect(parsed);
            var timer = new Admin.V1.Timer
            {
                Atespace = parsed.GetRequiredValue(atespace),
                Actor = parsed.GetRequiredValue(actor),
                Name = parsed.GetRequiredValue(name),
                At = parsed.GetValue(at) ?? "",
                Cron = parsed.GetValue(cron) ?? "",
                TimeZone = parsed.GetValue(zone) ?? "",
            };
            var set = (await api.Admin.SetTimerAsync(new() { Timer = timer }, api.Call(cancellationToken))).Timer;
            Results.Show(parsed, set, parsed.GetValue(format), $"timer {set.Name} of actor {set.Atespace}/{set.Actor} set, next at {set.Next}");
        });
        return verb;
    }

    public static Option<string> Actor(bool required) => new("--actor") { Description = "Actor that it wakes", HelpName = "NAME", Required = required };
}
