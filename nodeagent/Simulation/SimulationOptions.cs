using System.ComponentModel.DataAnnotations;

namespace Substrate.NodeAgent.Simulation;

/// <summary>
/// Section <c>Simulation</c>: how sandboxes behave when <c>Node:Simulated</c> is set. Used to measure and to test everything around
/// sandboxes with hundreds of them in one process, without root. Shares are between 0 and 1.
/// </summary>
internal sealed class SimulationOptions
{
    public const string Section = "Simulation";

    /// <summary>What creating a sandbox takes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Create { get; set; }

    /// <summary>What starting a process takes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Start { get; set; }

    /// <summary>What restoring a process takes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Restore { get; set; }

    /// <summary>What a checkpoint takes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Checkpoint { get; set; }

    /// <summary>What the process takes to answer a request.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Answer { get; set; }

    /// <summary>Memory that each live sandbox counts for, in bytes. Default 16 MiB.</summary>
    [Range(0, long.MaxValue)]
    public long MemoryBytes { get; set; } = 16 << 20;

    /// <summary>Share of restores that fail.</summary>
    [Range(0, 1)]
    public double FailedRestores { get; set; }

    /// <summary>Share of checkpoints that fail, after which the process runs on.</summary>
    [Range(0, 1)]
    public double FailedCheckpoints { get; set; }

    /// <summary>Share of requests at which the process ends instead of answering.</summary>
    [Range(0, 1)]
    public double Crashes { get; set; }
}

/// <inheritdoc cref="SimulationOptions"/>
[Microsoft.Extensions.Options.OptionsValidator]
internal sealed partial class SimulationOptionsValidator : Microsoft.Extensions.Options.IValidateOptions<SimulationOptions>;
