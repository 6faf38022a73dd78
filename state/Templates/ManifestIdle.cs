namespace Substrate.State.Templates;

/// <summary>Reads <c>spec.idle</c>.</summary>
internal static class ManifestIdle
{
    /// <summary>How <c>openStreams</c> says that a connection that is open always counts as work.</summary>
    public const string Busy = "busy";

    /// <summary>How <c>openStreams</c> says that only what moves counts as work.</summary>
    public const string Idle = "idle";

    public static IdlePolicy Read(ManifestMap? map)
    {
        var policy = new IdlePolicy();
        if (map is null)
        {
            return policy;
        }

        policy = new IdlePolicy
        {
            FreezeAfter = Duration(map, "freezeAfter", policy.FreezeAfter),
            PauseAfter = Duration(map, "pauseAfter", policy.PauseAfter),
            SuspendAfter = Duration(map, "suspendAfter", policy.SuspendAfter),
            OpenStreams = OpenStreams(map, policy.OpenStreams),
        };
        map.Finish();
        return policy;
    }

    /// <summary>The text that reads back as the same rule for open streams.</summary>
    public static string WriteOpenStreams(TimeSpan openStreams) =>
        openStreams == IdlePolicy.Always ? Busy : openStreams == TimeSpan.Zero ? Idle : ManifestDuration.Write(openStreams);

    private static TimeSpan OpenStreams(ManifestMap map, TimeSpan otherwise)
    {
        switch (map.Raw("openStreams"))
        {
            case null:
                return otherwise;
            case Busy:
                return IdlePolicy.Always;
            case Idle:
                return TimeSpan.Zero;
            case var text when ManifestDuration.TryRead(text, out var duration) && duration > TimeSpan.Zero:
                return duration;
            case var text:
                map.Problem(
                    map.Find("openStreams"),
                    "openStreams",
                    $"{ManifestProblems.Show(text)} {ManifestDuration.Form}, the time for which an open but silent connection counts as work, or {Busy} or {Idle}");
                return otherwise;
        }
    }

    /// <summary>A duration, of which zero means never; <paramref name="otherwise"/> when it is absent or was wrong.</summary>
    public static TimeSpan Duration(ManifestMap map, string field, TimeSpan otherwise)
    {
        if (map.Raw(field) is not { } text)
        {
            return otherwise;
        }

        if (ManifestDuration.TryRead(text, out var duration))
        {
            return duration;
        }

        map.Problem(map.Find(field), field, $"{ManifestProblems.Show(text)} {ManifestDuration.Form}, or 0 or never");
        return otherwise;
    }
}
