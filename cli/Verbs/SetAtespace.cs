using System.CommandLine;

namespace Substrate.Cli.Verbs;

/// <summary><c>set atespace</c>: what is not named stays as it is.</summary>
internal static class SetAtespace
{
    public static Command Create()
    {
        var (name, format) = (Nouns.Name("atespace"), Nouns.Format());
        var (actors, running) = (Limit("--max-actors", "Most actors; 0 for no limit"), Limit("--max-running", "Most actors that run at once; 0 for no limit"));
        var memory = Limit("--max-memory-mib", "Most memory of running actors, in MiB, by their templates' limits; 0 for no limit");
        var (pause, suspend) = (Text("--pause-after", "Default idle time until actors are paused; '' for the usual", "DURATION"), Text("--suspend-after", "Default idle time until they are suspended; '' for the usual", "DURATION"));
        var create = Text("--auto-create", "Template that the first request for an unknown actor creates it from; '' for none", "NS/NAME");
        var labels = new Option<string[]>("--label", "-l") { Description = "Label of the atespace; replaces all; may be repeated", HelpName = "KEY=VALUE" };
        var verb = new Verb("atespace", "Set quotas, labels, idle times and automatic creation of an atespace")
        {
            Arguments = { name },
            Options = { actors, running, memory, pause, suspend, create, labels, format },
            Notes = "What is not named stays as it is.",
            Examples = ["substrate set atespace team-a --max-actors 1000 --max-running 20", "substrate set atespace team-a --max-actors 1000 --auto-create demo/counter"],
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = ConnectionOptions.Connect(parsed);
            var read = await api.Admin.GetAtespaceSettingsAsync(new() { Name = parsed.GetRequiredValue(name) }, api.Call(cancellationToken));
            var settings = read.Settings;
            settings.MaxActors = parsed.GetValue(actors) ?? settings.MaxActors;
            settings.MaxRunning = parsed.GetValue(running) ?? settings.MaxRunning;
            settings.MaxMemoryBytes = parsed.GetValue(memory) is { } mib ? mib << 20 : settings.MaxMemoryBytes;
            settings.PauseAfter = parsed.GetValue(pause) ?? settings.PauseAfter;
            settings.SuspendAfter = parsed.GetValue(suspend) ?? settings.SuspendAfter;
            settings.AutoCreateTemplate = parsed.GetValue(create) ?? settings.AutoCreateTemplate;
            if (parsed.GetValue(labels) is { Length: > 0 } given)
            {
                settings.Labels.Clear();
                settings.Labels.Add(Nouns.Labels(given, "--label"));
            }

            var set = await api.Admin.SetAtespaceSettingsAsync(new() { Name = read.Name, Settings = settings, Version = read.Version }, api.Call(cancellationToken));
            Results.Show(parsed, set, parsed.GetValue(format), $"atespace {read.Name} set");
        });
        return verb;
    }

    private static Option<long?> Limit(string name, string description)
    {
        var option = new Option<long?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (!long.TryParse(result.Tokens[0].Value, out var number) || number is < 0 or > 1_000_000_000))
            {
                result.AddError($"{name} '{result.Tokens[0].Value}': it is a number from 0 to 1000000000");
            }
        });
        return option;
    }

    private static Option<string?> Text(string name, string description, string help) => new(name) { Description = description, HelpName = help };
}
