using Substrate.State.Templates;

namespace Substrate.Scheduler.Idleness;

/// <summary>Reads the idle policies of the templates that a decision needs.</summary>
internal sealed class IdlePolicies(TemplateCache templates)
{
    public async Task<Func<TemplateKey, IdlePolicy?>> ReadAsync(IEnumerable<TemplateKey> keys)
    {
        var policies = new Dictionary<TemplateKey, IdlePolicy>();
        foreach (var key in keys.Distinct())
        {
            if (await templates.GetAsync(key) is { } template)
            {
                policies[key] = template.Spec.Idle;
            }
        }

        return policies.GetValueOrDefault;
    }
}
