using Substrate.Admin.V1;
using Substrate.State.Atespaces;
using Substrate.State.Storage;
using Substrate.State.Templates;
using Settings = Substrate.Admin.V1.AtespaceSettings;
using Stored = Substrate.State.Atespaces.AtespaceSettings;

namespace Substrate.Scheduler.Api;

/// <summary>Labels, quotas, default idle policy and automatic creation of atespaces.</summary>
internal sealed class AtespaceCalls(AtespaceStore atespaces, TemplateStore templates, RunningQuota quota)
{
    public async Task<GetAtespaceSettingsResponse> GetAsync(GetAtespaceSettingsRequest request)
    {
        AdminRules.Demand(ApiRules.Atespace(request.Name, "name"));
        var record = await atespaces.GetAsync(request.Name) ?? throw ApiErrors.AtespaceNotFound(request.Name);
        var (running, memory) = await quota.UseAsync(request.Name);
        return new()
        {
            Name = record.Name,
            Settings = Show(record.Settings),
            Version = record.Version,
            Actors = await atespaces.CountAsync(request.Name),
            Running = running,
            MemoryBytes = memory,
        };
    }

    public async Task<SetAtespaceSettingsResponse> SetAsync(SetAtespaceSettingsRequest request)
    {
        AdminRules.Demand(ApiRules.Atespace(request.Name, "name"));
        var settings = Read(request.Settings ?? new());
        if (settings.AutoCreate is { } template && await templates.GetAsync(template) is not { Value.Deleting: false })
        {
            throw ApiErrors.TemplateMissing(template.Namespace, template.Name);
        }

        var record = await atespaces.GetAsync(request.Name) ?? throw ApiErrors.AtespaceNotFound(request.Name);
        if (request.Version != 0 && request.Version != record.Version)
        {
            throw ApiErrors.Conflict();
        }

        return await atespaces.SetAsync(request.Name, settings, record.Version)
            ? new() { Settings = Show(settings), Version = record.Version + 1 }
            : throw ApiErrors.Conflict();
    }

    private static Stored Read(Settings settings)
    {
        AdminRules.Labels(settings.Labels);
        var (pause, suspend) = (AdminRules.Duration("pause_after", settings.PauseAfter), AdminRules.Duration("suspend_after", settings.SuspendAfter));
        var (usual, template) = (new IdlePolicy(), default(TemplateKey?));
        if (settings.AutoCreateTemplate.Length > 0)
        {
            template = TemplateKey.TryParse(settings.AutoCreateTemplate, out var key)
                ? key
                : throw ApiErrors.Invalid($"auto_create_template {AdminRules.Shown(settings.AutoCreateTemplate)} must be namespace/name of a template");
            AdminRules.Demand(settings.MaxActors > 0 ? null : "auto_create_template needs max_actors above 0: requests could otherwise create actors without end");
        }

        return new()
        {
            Labels = Stored.None.Labels.AddRange(settings.Labels),
            MaxActors = AdminRules.Limit("max_actors", settings.MaxActors),
            MaxRunning = AdminRules.Limit("max_running", settings.MaxRunning),
            MaxMemoryBytes = AdminRules.Limit("max_memory_bytes", settings.MaxMemoryBytes),
            Idle = pause is null && suspend is null ? null : usual with { PauseAfter = pause ?? usual.PauseAfter, SuspendAfter = suspend ?? usual.SuspendAfter },
            AutoCreate = template,
        };
    }

    private static Settings Show(Stored settings) => new()
    {
        Labels = { settings.Labels },
        MaxActors = settings.MaxActors,
        MaxRunning = settings.MaxRunning,
        MaxMemoryBytes = settings.MaxMemoryBytes,
        PauseAfter = settings.Idle is null ? "" : ManifestDuration.Write(settings.Idle.PauseAfter),
        SuspendAfter = settings.Idle is null ? "" : ManifestDuration.Write(settings.Idle.SuspendAfter),
        AutoCreateTemplate = settings.AutoCreate?.ToString() ?? "",
    };
}
