using System.Net;
using Substrate.Proxy.Routing;

namespace Substrate.Proxy.Configuration;

/// <summary>What follows from one set of options, worked out once. Immutable.</summary>
internal sealed class ProxyRules
{
    private readonly IPNetwork[] _trusted;

    public ProxyRules(ProxyOptions options)
    {
        Options = options;
        Addresses = new(options.SuffixesInUse);
        _trusted = [.. options.TrustedNetworks.Select(IPNetwork.Parse)];
    }

    public ProxyOptions Options { get; }

    public AddressSpace Addresses { get; }

    /// <summary>True when the word of a proxy at this address about earlier callers is taken.</summary>
    public bool Trusts(IPAddress? address)
    {
        if (_trusted.Length == 0 || address is null)
        {
            return false;
        }

        foreach (var network in _trusted)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }
}
