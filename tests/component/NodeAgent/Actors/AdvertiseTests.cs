using System.Diagnostics;
using Substrate.State.Activation;

namespace Substrate.NodeAgent.ComponentTests.Actors;

/// <summary>Another machine, here a network namespace, reaches actors at the node's advertised address and nowhere else.</summary>
public sealed class AdvertiseTests
{
    private const string Node = "198.19.250.1";
    private const string Caller = "198.19.250.2";

    [Fact]
    public async Task AdvertisedNode_FromAnotherMachine_IsReachedAtItsAddressOnly()
    {
        Machine.RequireSandboxes();
        var name = $"caller-{Environment.ProcessId}";
        Shell($"ip netns add {name}; ip link add sut0 type veth peer name eth0 netns {name}; ip addr add {Node}/30 dev sut0; ip link set sut0 up; "
            + $"ip -n {name} addr add {Caller}/30 dev eth0; ip -n {name} link set eth0 up; ip -n {name} route add default via {Node}");
        try
        {
            await using var node = await NodeFixture.StartAsync(configure: s => s["Node:Advertise"] = Node);
            await node.ApplyCounterAsync();
            var activation = await node.ActivateAsync(await node.CreateAsync("leo"));
            Assert.Equal((NodeOutcome.Running, ""), (activation.Outcome, activation.Reason));
            Assert.StartsWith($"{Node}:", activation.Endpoint, StringComparison.Ordinal);

            Assert.Contains("\"leo\"", Shell($"ip netns exec {name} curl -s -m 5 http://{activation.Endpoint}/"), StringComparison.Ordinal);
            Assert.Equal(2, (await NodeFixture.CountAsync(activation.Endpoint)).Memory);

            // The slot's own address is this machine's business alone, and so is every port that no activation has.
            var slot = node.Get<Substrate.NodeAgent.Actors.LiveActors>().All.Single().Sandbox!.Berth.Network.Address;
            Assert.Equal("", Shell($"ip netns exec {name} curl -s -m 2 http://{slot}:8080/ || true"));
            Assert.Equal("", Shell($"ip netns exec {name} curl -s -m 2 http://{Node}:8080/ || true"));

            await node.StopNodeAsync();
            Assert.DoesNotContain(Substrate.NodeAgent.Sandboxes.SandboxFactory.TableName(node.Id), Shell("nft list tables"), StringComparison.Ordinal);
        }
        finally
        {
            Shell($"ip netns del {name}; ip link del sut0 2>/dev/null || true");
        }
    }

    private static string Shell(string script)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
