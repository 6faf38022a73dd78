using System.Net;
using Microsoft.Extensions.Options;
using Substrate.State.Actors;

namespace Substrate.NodeAgent;

/// <summary>The rules that stand beside each option.</summary>
[OptionsValidator]
internal sealed partial class NodeOptionsValidator : IValidateOptions<NodeOptions>;

/// <summary>The rules that need more than an attribute; each failure names the option, its value and the rule.</summary>
internal sealed class NodeRules(string? token) : IValidateOptions<NodeOptions>
{
    public ValidateOptionsResult Validate(string? name, NodeOptions options)
    {
        var violations = Violations(options).ToArray();
        return violations.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(violations);
    }

    private IEnumerable<string> Violations(NodeOptions options)
    {
        if (Names.Violation(options.Id) is { } violation)
        {
            yield return $"Node:Id is '{options.Id}': it {violation}.";
        }

        if (!Uri.TryCreate(options.Listen, UriKind.Absolute, out var listen) || listen.Scheme != Uri.UriSchemeHttp)
        {
            yield return $"Node:Listen is '{options.Listen}': it must be an address such as http://127.0.0.1:8010.";
        }
        else if (!listen.IsLoopback && string.IsNullOrEmpty(token))
        {
            yield return $"Node:Listen is '{options.Listen}', which other machines can reach: set Substrate:Token to a shared secret, the same for all parts, or listen on 127.0.0.1.";
        }

        if (Uri.TryCreate(options.EffectiveAddress, UriKind.Absolute, out var address)
            && IPAddress.TryParse(address.DnsSafeHost, out var ip)
            && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)))
        {
            yield return $"Node:Address is '{options.EffectiveAddress}', which names no machine: set it to the address by which others reach this one, for instance http://10.0.0.7:8010.";
        }

        if (options.Advertise.Length > 0 && !IPAddress.TryParse(options.Advertise, out _))
        {
            yield return $"Node:Advertise is '{options.Advertise}': it must be an IPv4 address of this machine.";
        }

        foreach (var (name, file) in new[] { (nameof(options.RegistryAuthFile), options.RegistryAuthFile), (nameof(options.RegistriesFile), options.RegistriesFile) })
        {
            if (file.Length > 0 && !File.Exists(file))
            {
                yield return $"Node:{name} is '{file}': there is no such file.";
            }
        }

        // A sandbox's control socket is RUN/runsc/runsc-sXXXXXXXXXXXX.sock, and the kernel allows 107 bytes.
        if (options.EffectiveRunDirectory.Length > 70)
        {
            yield return $"Node:RunDirectory is '{options.EffectiveRunDirectory}': it must be no longer than 70 characters, because socket paths are limited.";
        }
    }
}
