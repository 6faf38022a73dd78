using System.CommandLine;
using System.Globalization;
using Substrate.Admin.V1;
using Substrate.Cli.Output;

namespace Substrate.Cli.Verbs;

/// <summary><c>get nodes</c>, <c>get pools</c>.</summary>
internal static class GetNodes
{
    public static Command Nodes()
    {
        var (name, format) = (Nouns.OptionalName("node"), Nouns.Format());
        var verb = new Verb("node", "Show one node with its actors, or list them")
        {
            Aliases = { "nodes" },
            Arguments = { name },
            Options = { format },
            Examples = ["substrate get nodes", "substrate get node worker-1 -o json"],
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = ConnectionOptions.Connect(parsed);
            if (parsed.GetValue(name) is { } id)
            {
                var one = await api.Admin.GetNodeAsync(new() { Id = id }, api.Call(cancellationToken));
                Results.Show(parsed, one, parsed.GetValue(format), 1, "", () => Table([one.Node]));
                return;
            }

            var found = await api.Admin.ListNodesAsync(new(), api.Call(cancellationToken));
            Results.Show(parsed, found, parsed.GetValue(format), found.Nodes.Count, "There are no nodes: is a node agent running?", () => Table(found.Nodes));
        });
        return verb;
    }

    public static Command Pools()
    {
        var format = Nouns.Format();
        var verb = new Verb("pool", "List the pools of nodes") { Aliases = { "pools" }, Options = { format }, Examples = ["substrate get pools"] };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = ConnectionOptions.Connect(parsed);
            var found = await api.Admin.ListPoolsAsync(new(), api.Call(cancellationToken));
            Results.Show(parsed, found, parsed.GetValue(format), found.Pools.Count, "There are no live nodes.", () => new Listing("NAME", "NODES", "DRAINING", "SLOTS", "ACTIVE", "IDLE")
                .Rows(found.Pools.Select(static p => new[] { p.Name, Number(p.Nodes), Number(p.Draining), Number(p.Slots), Number(p.Active), Number(p.Evictable) })));
        });
        return verb;
    }

    private static Listing Table(IEnumerable<Node> nodes) => new Listing("NAME", "POOL", "STATE", "SLOTS", "ACTIVE", "IDLE", "FROZEN", "MEMORY").Rows(nodes.Select(static n => new[]
    {
        n.Id, n.Pool, !n.Live ? "gone" : n.Draining ? "draining" : "live", Number(n.Slots), Number(n.Active), Number(n.Evictable), Number(n.Frozen),
        n.MemoryBytes == 0 ? "" : $"{ByteText.Of(n.MemoryTaken)}/{ByteText.Of(n.MemoryBytes)}",
    }));

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
