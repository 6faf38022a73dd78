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
        foreach (var (field, value) in new[] { (nameof(options.Listen), options.Listen), (nameof(options.OpsListen), options.OpsListen) })
        {
            if (ListenAddress.Violation(value) is { } problem)
            {
                failures.Add($"{ProxyOptions.Section}:{field} is '{value}': {problem}");
            }
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
