using System.ComponentModel.DataAnnotations;

namespace Substrate.Scheduler;

/// <summary>Section <c>Scheduler</c>.</summary>
public sealed class SchedulerOptions
{
    public const string Section = "Scheduler";

    /// <summary>Where the admin API listens, TLS with HTTP/2. Default <c>https://127.0.0.1:8443</c>.</summary>
    [Required]
    public string Listen { get; set; } = "https://127.0.0.1:8443";

    /// <summary>Where <c>/metrics</c>, <c>/healthz</c> and <c>/readyz</c> are served; empty for nowhere. Default <c>http://127.0.0.1:8003</c>.</summary>
    public string OpsListen { get; set; } = "http://127.0.0.1:8003";

    /// <summary>Directory of the certificate, made at the first start. Default <c>substrate/scheduler</c> in the user's local application data.</summary>
    [Required]
    public string DataDirectory { get; set; } =
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "substrate", "scheduler");

    /// <summary>How long the leader's lease holds without being renewed: the longest time without a leader. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "00:01:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Pause between two rounds of a loop, and between two renewals of the lease. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:30")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Suspensions and uploads under way at once on one node. Default 2.</summary>
    [Range(1, 64)]
    public int ParallelPerNode { get; set; } = 2;

    /// <summary>Golden snapshots being built at once. Default 4.</summary>
    [Range(1, 64)]
    public int ParallelGoldens { get; set; } = 4;

    /// <summary>Longest time that bringing a template's image to a node may take. Default 20 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "06:00:00")]
    public TimeSpan ImageLimit { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>Longest time that building one golden snapshot may take. Default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan BuildLimit { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Time without a sign of life after which a template that a former leader was building is built again. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan BuildAbandoned { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a leader watches without a break before it gives up the actors of a node whose lease has run out. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan LossGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Fill pools evenly instead of packing actors onto as few nodes as possible. Default false.</summary>
    public bool Spread { get; set; }

    /// <summary>Share of a pool's slots and memory that is kept free by pausing idle actors, and that counts as needed on top of what is taken. Default 0.1; 0 turns pausing for room off.</summary>
    [Range(0, 0.9)]
    public double Headroom { get; set; } = 0.1;

    /// <summary>Time without work after which an actor may be paused for room. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan PressureIdle { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a pool has more nodes than it needs before nodes of it are emptied to be given back. Default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan ConsolidateAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Most warm sandboxes that the plan asks of one node. Default 8.</summary>
    [Range(0, 64)]
    public int WarmPerNode { get; set; } = 8;

    /// <summary>How long a node may take to replace a warm sandbox that was used; as many are kept as are used in that time. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan WarmRefill { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Log what the loops would do and do nothing; the scheduler then runs beside the one that leads. Default false. On the command line also <c>--dry-run</c>.</summary>
    public bool DryRun { get; set; }

    /// <summary>Time that a call may take when its caller names none. Default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan CallLimit { get; set; } = TimeSpan.FromSeconds(60);
}
