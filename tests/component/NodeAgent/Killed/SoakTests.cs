using System.Diagnostics;
using System.Globalization;

namespace Substrate.NodeAgent.ComponentTests.Killed;

/// <summary>
/// A random walk through an agent's life and deaths. <c>SUBSTRATE_SOAK_OPERATIONS</c> and <c>SUBSTRATE_SOAK_SEED</c> make it longer and
/// repeat it; a failure prints its seed and what led to it.
/// </summary>
public sealed class SoakTests
{
    private const int Slots = 2;

    [Fact]
    public async Task RandomOperations_LeaveEveryActorWithWhatItShouldHave_AndNothingBehind()
    {
        var operations = Number("SUBSTRATE_SOAK_OPERATIONS", 12);
        var seed = Number("SUBSTRATE_SOAK_SEED", 1);
        await using var agent = await AgentProcess.StartAsync(Slots);
        await agent.ApplyCounterAsync();
        var actors = new SoakActor[4];
        for (var i = 0; i < actors.Length; i++)
        {
            actors[i] = new SoakActor(await agent.CreateAsync($"soak{i}"));
        }

        var soak = new Soak(agent, actors, Slots, new Random(seed));
        try
        {
            for (var i = 0; i < operations; i++)
            {
                await soak.StepAsync();
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Assert.Fail($"seed {seed}: {e.Message}\n{soak.Story}");
        }

        foreach (var actor in actors.Where(static a => a.Running))
        {
            await agent.SuspendAsync(actor.Key);
        }

        await agent.StopAsync();
        Assert.Empty(Left(agent.Id));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(agent.Data, "checkpoints")));
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    private static string[] Left(string node) =>
    [
        .. Directory.Exists("/run/netns") ? Directory.GetFiles("/run/netns", $"substrate-{node}-*") : [],
        .. Directory.Exists($"/run/substrate/{node}") ? [$"/run/substrate/{node}"] : Array.Empty<string>(),
        .. Process.GetProcesses().Where(p => Command(p.Id).Contains($"/run/substrate/{node}/", StringComparison.Ordinal)).Select(static p => p.ProcessName),
    ];

    private static string Command(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
