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

    /// <summary>Time that a call may take when its caller names none. Default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan CallLimit { get; set; } = TimeSpan.FromSeconds(60);
}
