using System.Globalization;
using System.Text.Json;
using StackExchange.Redis;
using Substrate.State.Placement;
using Substrate.State.Transitions;

namespace Substrate.State.Storage;

/// <summary>The plan that the leading scheduler publishes. A scheduler that leads no more cannot overwrite its successor's.</summary>
public sealed class PlanStore(IConnectionMultiplexer redis)
{
    private readonly IDatabase _db = redis.GetDatabase();

    /// <summary>The newest plan; <see cref="ClusterPlan.None"/> when none was ever published.</summary>
    public async Task<ClusterPlan> GetAsync()
    {
        var fields = await _db.HashGetAsync(Keys.Plan, ["version", "doc"]);
        return fields[1].IsNull
            ? ClusterPlan.None
            : JsonSerializer.Deserialize<ClusterPlan>(fields[1].ToString())! with { Version = long.Parse(fields[0].ToString(), CultureInfo.InvariantCulture) };
    }

    /// <summary>Publishes a plan and tells everyone.</summary>
    /// <param name="token">Fencing token of the leader that made it.</param>
    /// <param name="plan">The plan; its version is the store's to give.</param>
    /// <returns>Its version; zero when a newer leader has published one.</returns>
    public async Task<long> PublishAsync(long token, ClusterPlan plan)
    {
        var version = (long)await _db.ScriptEvaluateAsync(
            Scripts.Standalone("_plan"), [Keys.Plan], [token, JsonSerializer.Serialize(plan with { Version = 0 })]);
        if (version > 0)
        {
            await _db.PublishAsync(Keys.PlanEvents, version);
        }

        return version;
    }
}
