using System.Globalization;
using System.Text.RegularExpressions;
using Substrate.NodeAgent.Commands;
using Substrate.NodeAgent.Runtime;

namespace Substrate.NodeAgent.Networks;

/// <summary>
/// The network of one slot. Two namespaces: the sandbox's own, with the same interior address everywhere so that a restored socket
/// finds the address it is bound to; and a gate in front of it that translates one port per activation and tracks connections.
/// The gate forwards what was asked for from outside and nothing else: an actor reaches neither the node, nor its neighbours, nor beyond.
/// </summary>
/// <param name="commands">Runs <c>ip</c>, <c>nft</c> and <c>nsenter</c>.</param>
/// <param name="name">Unique name, the namespaces' base name.</param>
/// <param name="link">Name of the machine's end of the link, at most 15 characters.</param>
/// <param name="hostAddress">Address of that end.</param>
/// <param name="slotAddress">Address of the gate's end, where this machine reaches the actor.</param>
internal sealed partial class SlotNetwork(ICommandRunner commands, string name, string link, string hostAddress, string slotAddress) : ISlotNetwork
{
    /// <summary>The sandbox's address, the same in every slot.</summary>
    public const string Interior = "169.254.17.2";

    private const string Gateway = "169.254.17.1";

    // The same in every slot: a restored network stack remembers its gateway's hardware address, and would otherwise talk to one
    // that is not there for a second before it asks again.
    private const string GatewayHardware = "02:00:00:00:11:01";
    private const string InteriorHardware = "02:00:00:00:11:02";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private IReadOnlyList<FurtherPort> _further = [];

    /// <summary>Address at which this machine reaches the actor.</summary>
    public string Address => slotAddress;

    /// <summary>Address of this machine's end.</summary>
    public string HostAddress => hostAddress;

    /// <summary>Below the range the kernel gives to others, so that all probes of a slot leave one entry in its table of connections.</summary>
    public int ProbePort => 1;

    /// <summary>Packets that this machine sent into the slot so far.</summary>
    public long Packets => long.Parse(File.ReadAllText($"/sys/class/net/{link}/statistics/tx_packets"), CultureInfo.InvariantCulture);

    /// <summary>Path of the namespace that the sandbox runs in.</summary>
    public string SandboxNamespace => $"/run/netns/{name}";

    private string Gate => $"{name}-gate";

    /// <summary>Makes both namespaces and the links between them; no port is open yet.</summary>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        await ShellAsync(
            $$"""
            set -e
            ip netns add {{Gate}}
            ip netns add {{name}}
            ip link add {{link}} type veth peer name ext netns {{Gate}}
            ip addr add {{hostAddress}}/30 dev {{link}}
            ip link set {{link}} up
            ip -n {{Gate}} -batch - <<END
            link set lo up
            addr add {{slotAddress}}/30 dev ext
            link set ext up
            link add slot address {{GatewayHardware}} type veth peer name eth0 address {{InteriorHardware}} netns {{name}}
            addr add {{Gateway}}/30 dev slot
            link set slot up
            neigh replace {{Interior}} lladdr {{InteriorHardware}} dev slot nud permanent
            END
            nsenter --net=/run/netns/{{Gate}} sh -c 'echo 1 > {{MountNamespace.Proc}}/sys/net/ipv4/ip_forward'
            nsenter --net=/run/netns/{{Gate}} sh -c 'echo 300 > {{MountNamespace.Proc}}/sys/net/netfilter/nf_conntrack_tcp_timeout_established'
            for ns in {{Gate}} {{name}}; do
              nsenter --net=/run/netns/$ns sh -c 'test ! -e {{MountNamespace.Proc}}/sys/net/ipv6 || echo 1 > {{MountNamespace.Proc}}/sys/net/ipv6/conf/all/disable_ipv6'
            done
            nsenter --net=/run/netns/{{Gate}} nft -f - <<END
            table ip gate {
              map ports {
                type inet_service : ipv4_addr . inet_service
              }
              chain translate_in {
                type nat hook prerouting priority dstnat;
                iifname "ext" meta l4proto tcp dnat ip addr . port to tcp dport map @ports
              }
              chain translate_out {
                type nat hook postrouting priority srcnat;
                oifname "slot" masquerade
              }
              chain pass {
                type filter hook forward priority filter; policy drop;
                ct state established,related accept
                iifname "ext" ct status dnat accept
              }
              chain refuse {
                type filter hook input priority filter; policy drop;
                iifname "ext" meta l4proto tcp reject with tcp reset
              }
            }
            END
            """,
            cancellationToken);
    }

    /// <summary>
    /// Readies the network for the next sandbox: gives back the address that the last one took off the interface, forgets the last
    /// one's connections, and translates <paramref name="port"/> and the further ports to the actor's own.
    /// </summary>
    public Task PrepareAsync(int port, int actorPort, IReadOnlyList<FurtherPort> further, CancellationToken cancellationToken)
    {
        _further = further;
        return ShellAsync(PrepareScript(port, actorPort), cancellationToken);
    }

    private string PrepareScript(int port, int actorPort) =>
        string.Create(CultureInfo.InvariantCulture, $"""
        set -e
        ip -n {name} -batch - <<END
        addr replace {Interior}/30 dev eth0
        link set lo up
        link set eth0 up
        route replace default via {Gateway}
        END
        nsenter --net=/run/netns/{Gate} nft 'flush map ip gate ports; add element ip gate ports {Translated(port, actorPort)}'
        nsenter --net=/run/netns/{Gate} conntrack -F >/dev/null 2>&1 || true
        """);

    /// <summary>Lets new connections to <paramref name="port"/> in again.</summary>
    public Task OpenAsync(int port, int actorPort, CancellationToken cancellationToken) => NftAsync(
        $"add element ip gate ports {Translated(port, actorPort)}", cancellationToken);

    /// <summary>Refuses new connections to <paramref name="port"/> with a reset. Those that are established go on.</summary>
    public Task CloseAsync(int port, CancellationToken cancellationToken) =>
        NftAsync($"delete element ip gate ports {Braced(string.Join(", ", [port, .. _further.Select(static f => f.Outer)]))}", cancellationToken);

    /// <summary>Opens the gate's table of connections.</summary>
    public IFlowTable OpenFlows() => FlowTable.Open($"/run/netns/{Gate}");

    /// <summary>Watches the gate's inner link: whatever passes there is on its way to the sandbox.</summary>
    public IPacketWatch Watch() => PacketWatch.Open($"/run/netns/{Gate}", "slot");

    /// <summary>Removes everything; what is gone already is no error.</summary>
    public Task DestroyAsync(CancellationToken cancellationToken) => ShellAsync(
        $"""
        ip netns del {name} 2>/dev/null || true
        ip link del {link} 2>/dev/null || true
        ip netns del {Gate} 2>/dev/null || true
        """,
        cancellationToken);

    /// <summary>Removes every network whose name starts with <paramref name="prefix"/>: what an earlier run of the node left.</summary>
    /// <returns>How many namespaces there were.</returns>
    public static async Task<int> SweepAsync(
        ICommandRunner commands, string prefix, string linkPrefix, CancellationToken cancellationToken)
    {
        // Behind the prefix stands a number: the name of another node may begin with this one's.
        string[] left = Directory.Exists("/run/netns")
            ? [.. Directory.GetFiles("/run/netns", prefix + "*").Where(p => Numbered().IsMatch(Path.GetFileName(p)[prefix.Length..]))]
            : [];
        foreach (var path in left)
        {
            await ShellAsync(commands, $"ip netns del {Path.GetFileName(path)} 2>/dev/null || true", cancellationToken);
        }

        foreach (var path in Directory.GetDirectories("/sys/class/net", linkPrefix + "*"))
        {
            await ShellAsync(commands, $"ip link del {Path.GetFileName(path)} 2>/dev/null || true", cancellationToken);
        }

        return left.Length;
    }

    [GeneratedRegex("^[0-9]+(-gate)?$")]
    private static partial Regex Numbered();

    // The elements of the gate's map for an activation: its main port and the further ones.
    private string Translated(int port, int actorPort) => Braced(string.Join(
        ", ",
        _further.Prepend(new(actorPort, port)).Select(static f => string.Create(CultureInfo.InvariantCulture, $"{f.Outer} : {Interior} . {f.Inner}"))));

    private static string Braced(string content) => "{ " + content + " }";

    private async Task NftAsync(string rule, CancellationToken cancellationToken)
    {
        var result = await commands.RunAsync("nsenter", [$"--net=/run/netns/{Gate}", "nft", rule], Limit, cancellationToken);
        if (!result.Succeeded)
        {
            throw new NetworkException($"nft '{rule}' failed in {Gate}: {result.Error.Trim()}");
        }
    }

    private Task ShellAsync(string script, CancellationToken cancellationToken) => ShellAsync(commands, script, cancellationToken);

    private static async Task ShellAsync(ICommandRunner commands, string script, CancellationToken cancellationToken)
    {
        var result = await commands.RunAsync("/bin/sh", ["-s"], script + "\n", Limit, cancellationToken);
        if (!result.Succeeded)
        {
            throw new NetworkException($"Setting up a slot's network failed (exit code {result.ExitCode}): {result.Error.Trim()}");
        }
    }
}
