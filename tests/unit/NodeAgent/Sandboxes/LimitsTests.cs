using Substrate.NodeAgent.Cgroups;
using Substrate.NodeAgent.Sandboxes;
using Substrate.State.Templates;

namespace Substrate.NodeAgent.UnitTests.Sandboxes;

public sealed class LimitsTests
{
    private static readonly ResourceLimits Some = new() { MemoryBytes = 64L << 20, Pids = 100 };

    [Fact]
    public void Describe_NoLimitHit_SaysNothing() => Assert.Null(Limits.Describe(default, Some));

    [Fact]
    public void Describe_OutOfMemory_NamesTheLimitAndTheField() =>
        Assert.Equal(("memory", "out of memory, its limit is 64 MiB (resources.memory)"), Limits.Describe(new LimitHits(1, 5), Some));

    [Fact]
    public void Describe_RefusedProcesses_NamesTheLimitAndTheField() =>
        Assert.Equal(("pids", "it was refused more processes and threads than its limit of 100 (resources.pids)"), Limits.Describe(new LimitHits(0, 5), Some));
}
