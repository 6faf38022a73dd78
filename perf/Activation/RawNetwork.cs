using Substrate.Perf.Commands;

namespace Substrate.Perf.Activation;

/// <summary>A network namespace with the interface and address that actors have.</summary>
internal sealed class RawNetwork(string name, string log)
{
    public string Path => $"/run/netns/{name}";

    private string Gate => $"{name}-gate";

    public Task CreateAsync(CancellationToken cancellationToken) => ShellAsync(
        $"""
        set -e
        ip netns add {Gate}
        ip netns add {name}
        ip -n {Gate} link add slot type veth peer name eth0 netns {name}
        ip -n {Gate} addr add 169.254.17.1/30 dev slot
        ip -n {Gate} link set slot up
        """,
        cancellationToken);

    /// <summary>Gives back the address that the last sandbox took off the interface.</summary>
    public Task PrepareAsync(CancellationToken cancellationToken) => ShellAsync(
        $"""
        set -e
        ip -n {name} addr replace 169.254.17.2/30 dev eth0
        ip -n {name} link set lo up
        ip -n {name} link set eth0 up
        ip -n {name} route replace default via 169.254.17.1
        """,
        cancellationToken);

    public Task DestroyAsync() => ShellAsync($"ip netns del {name}; ip netns del {Gate}; true", CancellationToken.None);

    private Task ShellAsync(string script, CancellationToken cancellationToken) => Tool.RunAsync(log, cancellationToken, "/bin/sh", "-c", script);
}
