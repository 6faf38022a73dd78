using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Substrate.NodeAgent.Sandboxes;

namespace Substrate.NodeAgent.Networks;

/// <summary>The IPv4 network that a node's slots take their addresses from: four addresses each.</summary>
/// <param name="Base">First address, host order.</param>
/// <param name="Berths">How many slots it has room for.</param>
internal sealed record NetworkPlan(uint Base, int Berths)
{
    // The range set aside for measuring networks is the one that neither companies nor cloud providers route.
    private const uint AutoBase = (198u << 24) | (18u << 16);
    private const int AutoBlocks = 128;
    private const int AutoPrefix = 22;

    /// <summary>Address of the machine's end of a slot's link.</summary>
    public string HostAddress(int berth) => Text(Base + (uint)(4 * berth) + 1);

    /// <summary>Address by which this machine reaches a slot.</summary>
    public string SlotAddress(int berth) => Text(Base + (uint)(4 * berth) + 2);

    /// <summary>Reads <c>A.B.C.D/N</c>, or picks a block that no interface of this machine uses for <c>auto</c>.</summary>
    /// <param name="text">Option <c>Node:Network</c>.</param>
    /// <param name="node">Node id, which decides where the search for a free block starts.</param>
    public static NetworkPlan Choose(string text, string node)
    {
        if (text == "auto")
        {
            var used = Used(SandboxFactory.LinkPrefix(node));
            var start = (int)(Hash(node) % AutoBlocks);
            for (var i = 0; i < AutoBlocks; i++)
            {
                var candidate = AutoBase + ((uint)((start + i) % AutoBlocks) << (32 - AutoPrefix));
                if (!used.Exists(address => address >> (32 - AutoPrefix) == candidate >> (32 - AutoPrefix)))
                {
                    return new NetworkPlan(candidate, 1 << (32 - AutoPrefix - 2));
                }
            }

            throw new InvalidOperationException("Node:Network is 'auto', and every /22 of 198.18.0.0/15 is in use on this machine. Name a free IPv4 network, for instance 10.201.0.0/22.");
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0
            || !IPAddress.TryParse(text[..slash], out var address)
            || address.AddressFamily != AddressFamily.InterNetwork
            || !int.TryParse(text[(slash + 1)..], CultureInfo.InvariantCulture, out var prefix)
            || prefix is < 8 or > 24)
        {
            throw new InvalidOperationException($"Node:Network is '{text}': it must be 'auto' or an IPv4 network of at least a /24, for instance 10.201.0.0/22.");
        }

        var mask = uint.MaxValue << (32 - prefix);
        return new NetworkPlan(Number(address) & mask, 1 << (32 - prefix - 2));
    }

    // The node's own links, left by an earlier run of it, mark the very block that it is to find again.
    private static List<uint> Used(string own) =>
        [.. NetworkInterface.GetAllNetworkInterfaces()
            .Where(i => !i.Name.StartsWith(own, StringComparison.Ordinal))
            .SelectMany(static i => i.GetIPProperties().UnicastAddresses)
            .Where(static a => a.Address.AddressFamily == AddressFamily.InterNetwork)
            .Select(static a => Number(a.Address))];

    internal static uint Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ b) * 16777619u;
        }

        return hash;
    }

    private static uint Number(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return ((uint)bytes[0] << 24) | ((uint)bytes[1] << 16) | ((uint)bytes[2] << 8) | bytes[3];
    }

    private static string Text(uint address) =>
        string.Create(CultureInfo.InvariantCulture, $"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}");
}
