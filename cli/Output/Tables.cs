using System.Globalization;
using Substrate.Admin.V1;
using Substrate.AteApi;

namespace Substrate.Cli.Output;

/// <summary>Which columns people see of each kind of resource.</summary>
internal static class Tables
{
    public static Listing Actors(IEnumerable<Actor> actors, bool withAtespace)
    {
        string[] columns = ["NAME", "STATE", "NODE", "TEMPLATE", "SNAPSHOT", "VERSION"];
        var listing = new Listing(withAtespace ? ["ATESPACE", .. columns] : columns);
        foreach (var actor in actors)
        {
            string[] cells =
            [
                actor.ActorId, StateOf(actor), actor.AteomPodName, $"{actor.ActorTemplateNamespace}/{actor.ActorTemplateName}", SnapshotOf(actor),
                actor.Version.ToString(CultureInfo.InvariantCulture),
            ];
            listing.Add(withAtespace ? [actor.Atespace, .. cells] : cells);
        }

        return listing;
    }

    public static Listing Workers(IEnumerable<Worker> workers)
    {
        var listing = new Listing("NAME", "POOL", "NODE", "ACTOR", "TEMPLATE", "ADDRESS");
        foreach (var worker in workers)
        {
            var taken = worker.ActorId.Length > 0;
            listing.Add(
                worker.WorkerPod, worker.WorkerPool, worker.NodeName, taken ? $"{worker.ActorAtespace}/{worker.ActorId}" : "",
                taken ? $"{worker.ActorNamespace}/{worker.ActorTemplate}" : "", worker.Ip);
        }

        return listing;
    }

    public static Listing Templates(IEnumerable<Template> templates, DateTimeOffset now)
    {
        var listing = new Listing("NAME", "PHASE", "IMAGE", "SNAPSHOT", "AGE", "REASON");
        foreach (var template in templates)
        {
            listing.Add(
                $"{template.Namespace}/{template.Name}", template.Phase, ShortDigest(template.ImageDigest),
                template.GoldenBytes > 0 ? ByteText.Of(template.GoldenBytes) : "", AgeOf(template.CreatedAt, now), FirstLine(template.Reason));
        }

        return listing;
    }

    public static Listing Atespaces(IEnumerable<Atespace> atespaces)
    {
        var listing = new Listing("NAME");
        foreach (var atespace in atespaces)
        {
            listing.Add(atespace.Name);
        }

        return listing;
    }

    public static Listing Domains(IEnumerable<Domain> domains)
    {
        var listing = new Listing("NAME", "ACTOR");
        foreach (var domain in domains)
        {
            listing.Add(domain.Name, $"{domain.Atespace}/{domain.Actor}");
        }

        return listing;
    }

    /// <summary>The state as the documentation names it, <c>RUNNING</c> for <c>STATUS_RUNNING</c>.</summary>
    public static string StateOf(Actor actor) => actor.Status.ToString().ToUpperInvariant();

    /// <inheritdoc cref="StateOf(Actor)"/>
    public static string StateOf(string status) => status.StartsWith("STATUS_", StringComparison.Ordinal) ? status["STATUS_".Length..] : status;

    /// <summary>Where the newest snapshot is: <c>stored</c>, <c>on NODE</c>, or nothing before the first one.</summary>
    public static string SnapshotOf(Actor actor) => actor.LatestSnapshotInfo switch
    {
        { DataCase: SnapshotInfo.DataOneofCase.External } => "stored",
        { DataCase: SnapshotInfo.DataOneofCase.Local, Local: var local } =>
            local.NodeVmsWithLocalSnapshots.Count == 0 ? "local" : $"on {string.Join(',', local.NodeVmsWithLocalSnapshots)}",
        _ => "",
    };

    /// <summary>Time since a moment of the API; empty when it is absent or not a time.</summary>
    public static string AgeOf(string moment, DateTimeOffset now) =>
        DateTimeOffset.TryParse(moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? DurationText.Of(now - at) : "";

    private static string ShortDigest(string digest) => digest.Length > 19 ? digest[..19] : digest;

    private static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd();
}
