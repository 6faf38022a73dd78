using Substrate.Admin.V1;
using Substrate.Cli.Connection;
using Substrate.Cli.Output;

namespace Substrate.Cli.Templates;

/// <summary>Waits until a template can be used.</summary>
/// <param name="api">Where it was applied.</param>
/// <param name="time">Clock of the deadline and the polls.</param>
/// <param name="tell">Told of each change of phase, and of progress within one.</param>
internal sealed class Readiness(ApiClient api, TimeProvider time, Action<string> tell)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns when it is Ready.</summary>
    /// <exception cref="CommandFailure">It is Failed, or the time is up.</exception>
    public async Task<Template> WaitAsync(Template template, TimeSpan wait, CancellationToken cancellationToken)
    {
        var (started, told) = (time.GetTimestamp(), "");
        while (true)
        {
            if (Describe(template) is var news && news != told)
            {
                tell($"template {template.Namespace}/{template.Name}: {news}");
                told = news;
            }

            switch (template.Phase)
            {
                case "Ready":
                    return template;
                case "Failed":
                    throw new CommandFailure($"template {template.Namespace}/{template.Name} failed: {template.Reason}")
                    {
                        Details = template.LastOutput,
                    };
                case var phase when time.GetElapsedTime(started) > wait:
                    throw new CommandFailure(
                        $"template {template.Namespace}/{template.Name} is still {phase} after {DurationText.Of(wait)}",
                        "It goes on in the background: 'substrate get templates' shows how far it is.");
            }

            await Task.Delay(Poll, time, cancellationToken);
            var request = new GetTemplateRequest { Namespace = template.Namespace, Name = template.Name };
            template = (await api.Admin.GetTemplateAsync(request, api.Call(cancellationToken))).Template;
        }
    }

    private static string Describe(Template template) => template.Phase switch
    {
        "Pending" => template.Reason.Length > 0 ? $"will be tried again: {template.Reason}" : "waiting for a node",
        "Building" when template.Progress.Length > 0 => template.Progress,
        "Building" => "starting a process and taking the golden snapshot",
        "Ready" => $"ready ({ByteText.Of(template.GoldenBytes)})",
        _ => template.Phase,
    };
}
