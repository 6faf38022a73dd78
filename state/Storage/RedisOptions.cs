using System.ComponentModel.DataAnnotations;

namespace Substrate.State.Storage;

/// <summary>Section <c>Redis</c>: the store that the processes agree through. Redis, Valkey, Garnet or a Redis Cluster.</summary>
public sealed class RedisOptions
{
    public const string Section = "Redis";

    /// <summary>StackExchange.Redis configuration string, for instance <c>10.0.0.5:6379,password=…</c>. Default <c>127.0.0.1:6379</c>.</summary>
    [Required]
    public string ConnectionString { get; set; } = "127.0.0.1:6379";

    /// <summary>Longest wait for one command. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);
}
