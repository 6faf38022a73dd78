using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using StackExchange.Redis;
using Substrate.State.Actors;
using Substrate.State.Templates;
using Substrate.State.Transitions;

namespace Substrate.State.Storage;

/// <summary>Reads the stored form of an actor record: a hash whose fields the transitions write.</summary>
internal static class ActorHash
{
    // The short names that the prelude of the transitions stores fields by; absent ones hold their default.
    private static readonly FrozenDictionary<string, string> Long = new Dictionary<string, string>
    {
        ["s"] = "state",
        ["e"] = "epoch",
        ["v"] = "version",
        ["t"] = "template",
        ["i"] = "uid",
        ["l"] = "selector",
        ["c"] = "created",
        ["u"] = "updated",
        ["n"] = "node",
        ["p"] = "endpoint",
        ["k"] = "claim",
        ["d"] = "deadline",
        ["r"] = "reason",
        ["w"] = "wake",
        ["o"] = "upload",
        ["x"] = "snap",
        ["y"] = "snap_node",
        ["z"] = "snap_stored",
        ["b"] = "snap_bytes",
        ["a"] = "labels",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Reads a transition's answer: the outcome, then names and values.</summary>
    public static TransitionResult ReadAnswer(ActorKey key, RedisResult answer)
    {
        var items = (RedisValue[])answer!;
        var outcome = (string?)items[0] switch
        {
            "ok" => Outcome.Ok,
            "missing" => Outcome.Missing,
            "exists" => Outcome.Exists,
            "state" => Outcome.WrongState,
            "epoch" => Outcome.Fenced,
            "pinned" => Outcome.Pinned,
            var other => throw new InvalidDataException($"A transition of {key} answered '{other}', which no transition answers."),
        };
        return new TransitionResult(outcome, Read(key, items.AsSpan(1)));
    }

    /// <summary>Reads <c>HGETALL</c> entries; null when there are none.</summary>
    public static ActorRecord? Read(ActorKey key, HashEntry[] entries)
    {
        var flat = new RedisValue[entries.Length * 2];
        for (var i = 0; i < entries.Length; i++)
        {
            flat[2 * i] = entries[i].Name;
            flat[(2 * i) + 1] = entries[i].Value;
        }

        return Read(key, flat);
    }

    private static ActorRecord? Read(ActorKey key, ReadOnlySpan<RedisValue> flat)
    {
        if (flat.Length == 0)
        {
            return null;
        }

        var fields = new Dictionary<string, RedisValue>(flat.Length / 2, StringComparer.Ordinal);
        for (var i = 0; i + 1 < flat.Length; i += 2)
        {
            var name = flat[i].ToString();
            fields[Long.GetValueOrDefault(name, name)] = flat[i + 1];
        }

        if (!TemplateKey.TryParse(Text(fields, "template"), out var template))
        {
            throw new InvalidDataException($"The record of actor {key} names the template '{Text(fields, "template")}', which is not namespace/name.");
        }

        var snapshot = Text(fields, "snap");
        var deadline = Number(fields, "deadline");
        return new ActorRecord
        {
            Key = key,
            State = (ActorState)Number(fields, "state"),
            Epoch = Number(fields, "epoch"),
            Version = Number(fields, "version"),
            Template = template,
            Uid = Text(fields, "uid"),
            Node = Text(fields, "node"),
            Endpoint = Text(fields, "endpoint"),
            Snapshot = snapshot.Length == 0
                ? null
                : new SnapshotRef(snapshot, Text(fields, "snap_node"), Number(fields, "snap_stored") == 1, Number(fields, "snap_bytes")),
            UploadWanted = Number(fields, "upload") == 1,
            WakeWanted = Number(fields, "wake") == 1,
            Deadline = deadline == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(deadline),
            Reason = Text(fields, "reason"),
            Selector = Selector(Text(fields, "selector")),
            Labels = Selector(Text(fields, "labels")),
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(Number(fields, "created")),
            UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(Number(fields, "updated")),
        };
    }

    public static string Write(IReadOnlyDictionary<string, string> selector) =>
        selector.Count == 0 ? "" : JsonSerializer.Serialize(selector.ToImmutableSortedDictionary(StringComparer.Ordinal));

    private static ImmutableSortedDictionary<string, string> Selector(string json) =>
        json.Length == 0
            ? ImmutableSortedDictionary<string, string>.Empty
            : JsonSerializer.Deserialize<ImmutableSortedDictionary<string, string>>(json)!;

    private static string Text(Dictionary<string, RedisValue> fields, string name) =>
        fields.TryGetValue(name, out var value) ? value.ToString() : "";

    private static long Number(Dictionary<string, RedisValue> fields, string name) =>
        fields.TryGetValue(name, out var value) && long.TryParse(value.ToString(), CultureInfo.InvariantCulture, out var number) ? number : 0;
}
