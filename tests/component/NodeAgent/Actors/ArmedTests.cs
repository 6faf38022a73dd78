using System.Diagnostics;
using Substrate.NodeAgent.Sandboxes;
using Substrate.State.Activation;
using Substrate.TestSupport.Polling;

namespace Substrate.NodeAgent.ComponentTests.Actors;

/// <summary>Restores that were started ahead of time are used once, and nothing depends on them.</summary>
public sealed class ArmedTests
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task WarmSandboxes_EachHaveARestoreThatWaits_AndAnActivationUsesOne()
    {
        await using var node = await NodeFixture.StartAsync(configure: static s => s["Node:Warm"] = "2");
        await node.ApplyCounterAsync();
        await FilledAsync(node);
        var before = Waiting(node);
        Assert.Equal(2, before.Count);

        var activation = await node.ActivateAsync(await node.CreateAsync("gina"));

        Assert.Equal((NodeOutcome.Running, "", true), (activation.Outcome, activation.Reason, activation.Timings.Warm));
        Assert.Equal(1, (await NodeFixture.CountAsync(activation.Endpoint)).Memory);
        Assert.Single(Waiting(node).Keys, before.ContainsKey);
        await node.StopNodeAsync();
        Assert.Empty(Waiting(node));
    }

    [Fact]
    public async Task WaitingRestore_ThatWasKilled_IsReplacedByThePlainCommand()
    {
        await using var node = await NodeFixture.StartAsync(configure: static s => s["Node:Warm"] = "1");
        await node.ApplyCounterAsync();
        await FilledAsync(node);
        var (sandbox, pid) = Assert.Single(Waiting(node));
        using (var process = Process.GetProcessById(pid))
        {
            process.Kill();
        }

        await Eventually.TrueAsync(() => !Waiting(node).ContainsKey(sandbox), Within, "the waiting command is gone");
        var activation = await node.ActivateAsync(await node.CreateAsync("hugo"));

        Assert.Equal((NodeOutcome.Running, "", true), (activation.Outcome, activation.Reason, activation.Timings.Warm));
        Assert.Equal(1, (await NodeFixture.CountAsync(activation.Endpoint)).Memory);
    }

    private static Task FilledAsync(NodeFixture node)
    {
        var pool = node.Get<SandboxPool>();
        return Eventually.TrueAsync(
            () => pool.Quiet && pool.Warm.Values.Sum() > 0 && Waiting(node).Count == pool.Warm.Values.Sum() && Full(node), Within, "the pool is full and armed");
    }

    private static bool Full(NodeFixture node) =>
        node.Get<SandboxPool>().Warm.Values.Sum() == node.Get<Microsoft.Extensions.Options.IOptions<NodeOptions>>().Value.EffectiveWarm;

    // The waiting commands of this node, by sandbox.
    private static Dictionary<string, int> Waiting(NodeFixture node) => Process.GetProcesses()
        .Select(static p => (p.Id, Words: CommandLine(p.Id)))
        .Where(p => p.Words.Contains("restore") && p.Words.Any(w => w.Contains($"/{node.Id}/", StringComparison.Ordinal)))
        .ToDictionary(static p => p.Words[^1], static p => p.Id);

    private static string[] CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
