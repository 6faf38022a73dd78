namespace Substrate.Perf.Proxy;

/// <summary>Settings of the runtime that a proxy is measured under, each as the environment that makes it so.</summary>
internal static class RuntimeSettings
{
    public const string Shipped = "as shipped";

    public static readonly IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> All = new Dictionary<string, IReadOnlyDictionary<string, string>>
    {
        [Shipped] = new Dictionary<string, string>(),
        ["server GC"] = new Dictionary<string, string> { ["DOTNET_gcServer"] = "1" },
        ["workstation GC"] = new Dictionary<string, string> { ["DOTNET_gcServer"] = "0" },
        ["not concurrent GC"] = new Dictionary<string, string> { ["DOTNET_gcServer"] = "0", ["DOTNET_gcConcurrent"] = "0" },
        ["without PGO"] = new Dictionary<string, string> { ["DOTNET_TieredPGO"] = "0" },
        ["inline completions"] = new Dictionary<string, string> { ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1" },
    };
}
