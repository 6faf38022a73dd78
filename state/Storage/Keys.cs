using System.Globalization;
using System.Text;
using StackExchange.Redis;
using Substrate.State.Actors;
using Substrate.State.Templates;

namespace Substrate.State.Storage;

/// <summary>Names of all keys and channels. Keys that one script touches share a hash tag, so that Redis Cluster keeps them together.</summary>
public static class Keys
{
    /// <summary>Parts of each atespace's name index; listing merges them in order.</summary>
    public const int IndexBuckets = 16;

    /// <summary>Channels over which actor events are spread.</summary>
    public const int EventShards = 16;

    public static readonly RedisKey Nodes = "nodes";
    public static readonly RedisKey Templates = "templates";
    public static readonly RedisKey Atespaces = "atespaces";
    public static readonly RedisKey Plan = "plan";
    public static readonly RedisKey Domains = "domains";
    public static readonly RedisKey SchedulerLease = "lease:scheduler";
    public static readonly RedisKey SchemaVersion = "schema";
    public static readonly RedisChannel NodeEvents = RedisChannel.Literal("node-events");
    public static readonly RedisChannel PlanEvents = RedisChannel.Literal("plan-events");
    public static readonly RedisChannel TemplateEvents = RedisChannel.Literal("template-events");
    public static readonly RedisChannel DomainEvents = RedisChannel.Literal("domain-events");

    public static RedisKey Actor(ActorKey key) => $"actor:{{{key}}}";

    public static RedisKey Snapshots(ActorKey key) => $"snaps:{{{key}}}";

    public static RedisKey ActorIndex(string atespace, int bucket) =>
        string.Create(CultureInfo.InvariantCulture, $"actors:{{{atespace}:{bucket}}}");

    public static RedisKey Template(TemplateKey key) => $"template:{{{key}}}";

    public static RedisKey Domain(string name) => $"domain:{{{name}}}";

    public static RedisKey Atespace(string name) => $"atespace:{{{name}}}";

    public static RedisKey Node(string id) => $"node:{{{id}}}";

    public static RedisKey NodeActors(string id) => $"nodeactors:{{{id}}}";

    public static RedisChannel ActorEvents(int shard) =>
        RedisChannel.Literal(string.Create(CultureInfo.InvariantCulture, $"actor-events:{shard}"));

    /// <summary>Index bucket of a name. Stable for ever: it is part of the stored layout.</summary>
    public static int Bucket(ActorKey key) => (int)(Fnv1a(key.Name) % IndexBuckets);

    /// <summary>Event channel of an actor.</summary>
    public static int Shard(ActorKey key) => (int)(Fnv1a(key.ToString()) % EventShards);

    private static uint Fnv1a(string text)
    {
        var hash = 2166136261u;
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ b) * 16777619u;
        }

        return hash;
    }
}
