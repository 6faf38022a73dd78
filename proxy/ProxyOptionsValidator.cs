using System.Net;
using Microsoft.Extensions.Options;
using Substrate.Proxy.Listening;
using Substrate.State.Actors;

namespace Substrate.Proxy;

/// <summary>The rules written on the properties.</summary>
[OptionsValidator]
internal sealed partial class ProxyOptionsValidator : IValidateOptions<ProxyOptions>;

/// <summary>The rules that an attribute cannot say.</summary>
internal sealed class ProxyOptionsRules : IValidateOptions<ProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, ProxyOptions options)
    {
        var failures = new List<string>();
        foreach (var (field, value, tls) in new[] { (nameof(options.Listen), options.Listen, true), (nameof(options.OpsListen), options.OpsListen, false) })
        {
            if (ListenAddress.Violation(value, tls) is { } problem)
            {
                failures.Add($"{ProxyOptions.Section}:{field} is '{value}': {problem}");
            }
        }

        if (ListenAddress.AnyTls(options.Listen) && options.Certificates.Length == 0)
        {
            failures.Add($"{ProxyOptions.Section}:{nameof(options.Listen)} is '{options.Listen}': https needs {nameof(options.Certificates)}");
        }

        foreach (var files in options.Certificates)
        {
            foreach (var file in new[] { files.Certificate, files.Key }.Where((f, i) => (i == 0 || f.Length > 0) && !File.Exists(f)))
            {
                failures.Add($"{ProxyOptions.Section}:{nameof(options.Certificates)} has '{file}': there must be such a file");
            }
        }

        foreach (var network in options.TrustedNetworks.Where(static n => !IPNetwork.TryParse(n, out _)))
        {
            failures.Add($"{ProxyOptions.Section}:{nameof(options.TrustedNetworks)} has '{network}': it must be a network like 10.0.0.0/8");
        }

        foreach (var suffix in options.SuffixesInUse.Where(static s => !s.Split('.').All(static label => Names.IsLabel(label))))
        {
            failures.Add($"{ProxyOptions.Section}:{nameof(options.Suffixes)} has '{suffix}': it must be a lower-case domain name like actors.example.com");
        }

        if (options.RouteMaxAge <= options.RouteCheckAfter)
        {
            failures.Add(
                $"{ProxyOptions.Section}:{nameof(options.RouteMaxAge)} is {options.RouteMaxAge}: it must be longer than {nameof(options.RouteCheckAfter)} ({options.RouteCheckAfter})");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
