using System.Text;
using Substrate.NodeAgent.Networks;

namespace Substrate.NodeAgent.UnitTests.Networks;

public sealed class FlowTableTests
{
    private const string Tail = "src=198.18.0.1 dst=198.18.0.2 sport=54538 dport=20001 src=169.254.17.2 dst=169.254.17.1 sport=8080 dport=54538 [ASSURED] mark=0 zone=0 use=2";

    [Theory]
    [InlineData("SYN_SENT", 1)]
    [InlineData("SYN_RECV", 1)]
    [InlineData("ESTABLISHED", 1)]
    [InlineData("FIN_WAIT", 1)]
    [InlineData("CLOSE_WAIT", 1)]
    [InlineData("LAST_ACK", 0)]
    [InlineData("TIME_WAIT", 0)]
    [InlineData("CLOSE", 0)]
    public void Count_ByState_CountsThoseThatMayCarryData(string state, int expected) =>
        Assert.Equal(expected, FlowTable.Count(Encoding.ASCII.GetBytes($"ipv4     2 tcp      6 119 {state} {Tail}\n")));

    [Fact]
    public void Count_OfSeveralLines_IgnoresOtherProtocols() => Assert.Equal(2, FlowTable.Count(Encoding.ASCII.GetBytes(
        $"ipv4     2 tcp      6 119 ESTABLISHED {Tail}\nipv4     2 udp      17 29 {Tail}\nipv4     2 tcp      6 9 ESTABLISHED {Tail}\n")));

    [Fact]
    public void Count_OfNothing_IsZero() => Assert.Equal(0, FlowTable.Count([]));
}
