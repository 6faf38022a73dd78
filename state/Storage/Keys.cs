using System.Globalization;
using StackExchange.Redis;
using Substrate.State.Actors;
using Substrate.State.Templates;

namespace Substrate.State.Storage;

/// <summary>Names of all keys and channels. Keys that one script touches share a hash tag, so that Redis Cluster keeps them together.</summary>
public static class Keys
{
    /// <summary>Parts that the records are spread over. Those of one part share a hash slot with the part's change log.</summary>
    public const int RecordShards = 64;

    /// <summary>Channels over which actor events are spread.</summary>
    public const int EventShards = 16;

    public static readonly RedisKey Nodes = "nodes";
    public static readonly RedisKey Templates = "templates";
    public static readonly RedisKey Atespaces = "atespaces";
    public static readonly RedisKey Plan = "plan";
    public static readonly RedisKey Domains = "domains";

    /// <summary>Atespaces that have settings which every process has to know.</summary>
    public static readonly RedisKey AtespacesWithSettings = "atespaces-with-settings";
    public static readonly RedisKey SchedulerLease = "lease:scheduler";
    public static readonly RedisKey SchemaVersion = "schema";

    /// <summary>Key that page tokens are signed with, made by the first scheduler.</summary>
    public static readonly RedisKey PageTokenSecret = "secret:page-tokens";
    public static readonly RedisKey Timers = "timers:{timers}";
    public static readonly RedisKey TimersDue = "timers-due:{timers}";
    public static readonly RedisKey TimerNames = "timer-names:{timers}";
    public static readonly RedisChannel AtespaceEvents = RedisChannel.Literal("atespace-events");
    public static readonly RedisChannel NodeEvents = RedisChannel.Literal("node-events");
    public static readonly RedisChannel PlanEvents = RedisChannel.Literal("plan-events");
    public static readonly RedisChannel TemplateEvents = RedisChannel.Literal("template-events");
    public static readonly RedisChannel DomainEvents = RedisChannel.Literal("domain-events");

    public static RedisKey Actor(ActorKey key) => string.Create(CultureInfo.InvariantCulture, $"actor:{{{RecordShard(key)}}}:{key}");

    public static RedisKey Snapshots(ActorKey key) => string.Create(CultureInfo.InvariantCulture, $"snaps:{{{RecordShard(key)}}}:{key}");

    /// <summary>Actors of a part by when they last changed; the newest <c>MOST_CHANGES</c> of them (see the prelude of the transitions).</summary>
    public static RedisKey Changes(int recordShard) => string.Create(CultureInfo.InvariantCulture, $"changes:{{{recordShard}}}");

    /// <summary>Counters of a part's change log.</summary>
    public static RedisKey ChangeCounters(int recordShard) => string.Create(CultureInfo.InvariantCulture, $"change-counters:{{{recordShard}}}");

    /// <summary>Names of an atespace's actors of one template: the one index entry that every actor has.</summary>
    public static RedisKey ActorIndex(string atespace, TemplateKey template) => ActorIndexPrefix(atespace) + template.ToString();

    public static string ActorIndexPrefix(string atespace) => $"actors:{{{atespace}}}:";

    /// <summary>Templates that an atespace has, or had, actors of.</summary>
    public static RedisKey TemplatesUsed(string atespace) => $"templates-used:{{{atespace}}}";

    /// <summary>Atespaces that have, or had, actors of a template.</summary>
    public static RedisKey TemplateUsers(TemplateKey template) => $"template-users:{{{template}}}";

    /// <summary>Names whose index entry and record may differ for the moment, by when somebody else may settle them.</summary>
    public static RedisKey Unsettled(string atespace) => $"unsettled:{{{atespace}}}";

    /// <summary>Actors that count against an atespace's quotas of running actors and memory.</summary>
    public static RedisKey QuotaLedger(string atespace) => $"quota-ledger:{{{atespace}}}";

    /// <summary>Actors that bear a label.</summary>
    public static RedisKey Labeled(string label, string value) => $"labeled:{{{label}={value}}}";

    public static RedisKey Template(TemplateKey key) => $"template:{{{key}}}";

    public static RedisKey Domain(string name) => $"domain:{{{name}}}";

    public static RedisKey Atespace(string name) => $"atespace:{{{name}}}";

    public static RedisKey Node(string id) => $"node:{{{id}}}";

    public static RedisKey NodeActors(string id) => $"nodeactors:{{{id}}}";

    public static RedisChannel ActorEvents(int shard) =>
        RedisChannel.Literal(string.Create(CultureInfo.InvariantCulture, $"actor-events:{shard}"));

    /// <summary>Part of the records that an actor belongs to. Stable for ever: it is part of the stored layout.</summary>
    public static int RecordShard(ActorKey key) => (int)(Fnv1a(key.ToString()) % RecordShards);

    /// <summary>Event channel of an actor.</summary>
    public static int Shard(ActorKey key) => (int)(Fnv1a(key.ToString()) % EventShards);

    // Of ASCII text: names are.
    private static uint Fnv1a(string text)
    {
        var hash = 2166136261u;
        foreach (var c in text)
        {
            hash = (hash ^ (byte)c) * 16777619u;
        }

        return hash;
    }
}
