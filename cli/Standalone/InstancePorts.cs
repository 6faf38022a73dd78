using Substrate.Cli.Output;

namespace Substrate.Cli.Standalone;

/// <summary>The ports of a one-process installation, all derived from the one that callers use.</summary>
/// <param name="Ingress">Where callers are served; 8000 unless chosen otherwise.</param>
internal readonly record struct InstancePorts(int Ingress)
{
    public const int Default = 8000;

    private const int Highest = 65535 - 443;

    /// <summary>Metrics and health: 8001 beside 8000.</summary>
    public int Ops => Ingress + 1;

    /// <summary>Node agent: 8010 beside 8000.</summary>
    public int Node => Ingress + 10;

    /// <summary>Where the embedded store listens if the port is free: 8379 beside 8000.</summary>
    public int Store => Ingress + 379;

    /// <summary>Admin API: 8443 beside 8000.</summary>
    public int Admin => Ingress + 443;

    public string IngressUrl => $"http://localhost:{Ingress}";

    public string AdminUrl => $"https://127.0.0.1:{Admin}";

    /// <summary>The ports that must be free, with what each is for.</summary>
    public IReadOnlyList<(int Port, string Use)> Required =>
        [(Ingress, "ingress"), (Ops, "metrics and health"), (Node, "node agent"), (Admin, "admin API")];

    /// <exception cref="CommandFailure">A derived port would not exist.</exception>
    public static InstancePorts Of(int ingress) => ingress is > 0 and <= Highest
        ? new InstancePorts(ingress)
        : throw new CommandFailure($"--port {ingress} is out of range", $"Choose one from 1 to {Highest}: other ports are derived from it.", ExitCode.Usage);
}
