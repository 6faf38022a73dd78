using Substrate.State.Atespaces;
using Substrate.State.Templates;

namespace Substrate.Scheduler.Idleness;

/// <summary>The idle policy of an actor of an atespace and a template; null when the template is unknown, which means never.</summary>
internal delegate IdlePolicy? IdlePolicyOf(string atespace, TemplateKey template);

/// <summary>Reads the idle policies that a decision needs: the template's, or its atespace's where the template keeps to the defaults.</summary>
internal sealed class IdlePolicies(TemplateCache templates, AtespaceFeed atespaces)
{
    private static readonly IdlePolicy Usual = new();

    public async Task<IdlePolicyOf> ReadAsync(IEnumerable<TemplateKey> keys)
    {
        var policies = new Dictionary<TemplateKey, IdlePolicy>();
        foreach (var key in keys.Distinct())
        {
            if (await templates.GetAsync(key) is { } template)
            {
                policies[key] = template.Spec.Idle;
            }
        }

        var settings = atespaces.Current;
        return (atespace, template) => policies.GetValueOrDefault(template) is not { } policy ? null
            : policy == Usual && settings.GetValueOrDefault(atespace)?.Idle is { } tenants ? tenants
            : policy;
    }
}
