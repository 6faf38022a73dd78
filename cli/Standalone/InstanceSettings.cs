using System.Globalization;

namespace Substrate.Cli.Standalone;

/// <summary>How one instance of everything is to be run.</summary>
/// <param name="Ports">Where it listens.</param>
/// <param name="StorePort">Where the embedded store listens.</param>
/// <param name="Slots">Actors that may run at once.</param>
/// <param name="Runsc">The sandbox runtime.</param>
/// <param name="LogLevel">Least level that is logged.</param>
internal sealed record InstanceSettings(InstancePorts Ports, int StorePort, int Slots, string Runsc, string LogLevel)
{
    /// <summary>Options above those below.</summary>
    public IReadOnlyDictionary<string, string?> Extra { get; init; } = new Dictionary<string, string?>();

    /// <summary>Configuration of a role, above everything else that it reads.</summary>
    public Dictionary<string, string?> For(DataDirectory data, string store)
    {
        var settings = Usual(data, store);
        foreach (var (key, value) in Extra)
        {
            settings[key] = value;
        }

        return settings;
    }

    private Dictionary<string, string?> Usual(DataDirectory data, string store) => new()
    {
        ["Host:Embedded"] = "true",
        ["Redis:ConnectionString"] = store,

        // Everything is on loopback; a token of some other installation in the environment must not be required here.
        ["Substrate:Token"] = "",
        ["Logging:LogLevel:Default"] = LogLevel,
        ["Logging:LogLevel:Microsoft"] = "Warning",

        // What keeps a part from starting is said once, by this program.
        ["Logging:LogLevel:Microsoft.Extensions.Hosting"] = "Critical",
        ["Proxy:Listen"] = $"http://127.0.0.1:{Ports.Ingress}",
        ["Proxy:OpsListen"] = $"http://127.0.0.1:{Ports.Ops}",
        ["Scheduler:Listen"] = Ports.AdminUrl,
        ["Scheduler:OpsListen"] = "",
        ["Scheduler:DataDirectory"] = data.Scheduler,
        ["Node:Id"] = data.NodeId,
        ["Node:Listen"] = $"http://127.0.0.1:{Ports.Node}",
        ["Node:OpsListen"] = "",
        ["Node:DataDirectory"] = data.Node,
        ["Node:StoreDirectory"] = data.Snapshots,
        ["Node:Slots"] = Slots.ToString(CultureInfo.InvariantCulture),
        ["Node:Runsc"] = Runsc,
    };
}
