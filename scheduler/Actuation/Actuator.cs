using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Substrate.Scheduler.Actuation;

/// <summary>Stands between a loop's decision and the deed. In a dry run the decision is logged and counted, and nothing is done.</summary>
internal sealed class Actuator(IOptions<SchedulerOptions> options, TimeProvider time, ILogger<Actuator> logger)
{
    /// <summary>A decision that stands is not repeated in the log before this time.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, long> _said = new(StringComparer.Ordinal);

    public bool Dry => options.Value.DryRun;

    /// <summary>True when the deed is to be done.</summary>
    /// <param name="loop">The loop that decided.</param>
    /// <param name="kind">What it decided.</param>
    /// <param name="subject">About what.</param>
    public bool Allows(string loop, string kind, string subject)
    {
        if (!Dry)
        {
            return true;
        }

        var now = time.GetTimestamp();
        foreach (var (known, at) in _said)
        {
            if (time.GetElapsedTime(at, now) > Again)
            {
                _said.TryRemove(known, out _);
            }
        }

        if (_said.TryAdd($"{loop} {kind} {subject}", now))
        {
            SchedulerMetrics.Decided(loop, kind, "DryRun");
            SchedulerLog.WouldDo(logger, loop, kind, subject);
        }

        return false;
    }
}
