using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Substrate.Scheduler.Api;

/// <summary>How long a call may take: a little less than its caller waits, so that the answer still says why.</summary>
internal sealed class CallLimit(IOptions<SchedulerOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan MostMargin = TimeSpan.FromMilliseconds(250);

    /// <summary>Starts counting for one call.</summary>
    public Budget Start(ServerCallContext context)
    {
        var limit = options.Value.CallLimit;
        if (context.Deadline != DateTime.MaxValue)
        {
            var left = context.Deadline.ToUniversalTime() - time.GetUtcNow().UtcDateTime;
            left -= left / 10 < MostMargin ? left / 10 : MostMargin;
            limit = left < Longest ? left : Longest;
        }

        return new(time, time.GetTimestamp(), limit);
    }

    /// <summary>The time of one call.</summary>
    internal readonly record struct Budget(TimeProvider Time, long Started, TimeSpan Limit)
    {
        /// <summary>Time left; never negative.</summary>
        public TimeSpan Left => Limit - Time.GetElapsedTime(Started) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

        public bool Over => Left == TimeSpan.Zero;
    }
}
