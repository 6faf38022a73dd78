using System.Globalization;
using Substrate.NodeAgent.Commands;
using Substrate.NodeAgent.Runtime;

namespace Substrate.NodeAgent.Networks;

/// <summary>
/// Lets other machines reach activations: maps each one's port on the node's advertised address to its slot. Without an advertised
/// address nothing is mapped, and only this machine reaches actors.
/// </summary>
/// <param name="commands">Runs <c>nft</c>.</param>
/// <param name="table">Name of the node's own table.</param>
/// <param name="advertise">The node's IPv4 address that others use; empty for none.</param>
/// <param name="linkPrefix">What the names of the slots' links start with.</param>
internal sealed class HostPorts(ICommandRunner commands, string table, string advertise, string linkPrefix)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private bool Needed => advertise.Length > 0;

    /// <summary>Makes the node's table, empty, and lets the machine forward to slots.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await CloseAsync(cancellationToken);
        if (!Needed)
        {
            return;
        }

        await File.WriteAllTextAsync($"{MountNamespace.Proc}/sys/net/ipv4/ip_forward", "1", cancellationToken);
        await NftAsync(
            $$"""
            table ip {{table}} {
              map ports {
                type inet_service : ipv4_addr
              }
              chain from_outside {
                type nat hook prerouting priority dstnat;
                ip daddr {{advertise}} meta l4proto tcp dnat to tcp dport map @ports
              }
              chain from_here {
                type nat hook output priority -100;
                ip daddr {{advertise}} meta l4proto tcp dnat to tcp dport map @ports
              }
              chain to_slots {
                type nat hook postrouting priority srcnat;
                oifname "{{linkPrefix}}*" ct status dnat masquerade
              }
            }
            """,
            cancellationToken);
    }

    /// <summary>Maps an activation's port.</summary>
    public Task AddAsync(int port, string slotAddress, CancellationToken cancellationToken) => Needed
        ? NftAsync(string.Create(CultureInfo.InvariantCulture, $"add element ip {table} ports {{ {port} : {slotAddress} }}"), cancellationToken)
        : Task.CompletedTask;

    /// <summary>Unmaps it for ever.</summary>
    public Task RemoveAsync(int port, CancellationToken cancellationToken) => Needed
        ? NftAsync(string.Create(CultureInfo.InvariantCulture, $"delete element ip {table} ports {{ {port} }}"), cancellationToken)
        : Task.CompletedTask;

    /// <summary>Removes the node's table; one that is gone is no error.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken) =>
        await commands.RunAsync("nft", ["delete", "table", "ip", table], Limit, cancellationToken);

    private async Task NftAsync(string rules, CancellationToken cancellationToken)
    {
        var result = await commands.RunAsync("nft", ["-f", "-"], rules + "\n", Limit, cancellationToken);
        if (!result.Succeeded)
        {
            throw new NetworkException($"The ports of actors could not be mapped on {advertise}: {result.Error.Trim()}");
        }
    }
}
