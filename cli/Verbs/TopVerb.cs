using System.CommandLine;
using System.Globalization;
using Substrate.Admin.V1;
using Substrate.Cli.Output;

namespace Substrate.Cli.Verbs;

/// <summary><c>top</c>: the cluster in numbers.</summary>
internal static class TopVerb
{
    public static Command Create()
    {
        var format = Nouns.Format();
        var verb = new Verb("top", "Show the cluster in numbers: actors, slots, memory, activations")
        {
            Options = { format },
            Examples = ["substrate top", "substrate top -o json"],
        };
        ConnectionOptions.AddTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = ConnectionOptions.Connect(parsed);
            var numbers = await api.Admin.GetStatisticsAsync(new(), api.Call(cancellationToken));
            Results.Show(parsed, numbers, parsed.GetValue(format), Text(numbers));
        });
        return verb;
    }

    /// <summary>One aligned line per fact.</summary>
    public static string Text(GetStatisticsResponse n) => string.Join('\n', new (string Label, string Value)[]
    {
        ("Atespaces", Number(n.Atespaces)),
        ("Templates", Number(n.Templates)),
        ("Actors", Number(n.Actors)),
        ("Nodes", n.NodesDraining > 0 ? $"{Number(n.Nodes)}, {Number(n.NodesDraining)} of them draining" : Number(n.Nodes)),
        ("Slots", $"{Number(n.SlotsActive)} of {Number(n.Slots)} taken, {Number(n.ActorsEvictable)} idle, {Number(n.ActorsFrozen)} frozen"),
        ("Memory", n.MemoryBytes == 0 ? "" : $"{ByteText.Of(n.MemoryTaken)} of {ByteText.Of(n.MemoryBytes)} taken"),
        ("Activations", $"{Number(n.ActivationsPerMinute)} in the last minute"),
        ("Timers", Number(n.Timers)),
    }.Where(static line => line.Value.Length > 0).Select(static line => $"{line.Label + ":",-13} {line.Value}"));

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
