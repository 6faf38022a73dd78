using System.Globalization;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Substrate.NodeAgent.V1;
using Substrate.NodeAgents;
using Substrate.Scheduler.Census;
using Substrate.State.Nodes;
using Substrate.State.Templates;
using static Substrate.NodeAgent.V1.PrepareImageReply.Types;

namespace Substrate.Scheduler.Goldens;

/// <summary>Has a node bring a template's image, writing into the template what its reference was resolved to and how far it is.</summary>
internal sealed class ImagePull(NodeAgentClients agents, StoreClock clock, IOptions<SchedulerOptions> options, TimeProvider time)
{
    // Nobody reads faster, and each change of a template is told to everyone.
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>Brings it.</summary>
    /// <param name="node">Where to.</param>
    /// <param name="template">The template; the digest in it, if any, holds.</param>
    /// <param name="change">Changes the template unless somebody else has taken it over.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>What to answer instead of a golden snapshot; null when the image is there.</returns>
    public async Task<NodeAnswer<BuildGoldenReply>?> PullAsync(
        NodeStatus node,
        TemplateRecord template,
        Func<Func<TemplateRecord, TemplateRecord>, Task<TemplateRecord?>> change,
        CancellationToken cancellationToken)
    {
        var (told, toldAt, digest) = ("", 0L, template.ImageDigest);
        try
        {
            await foreach (var reply in agents.PrepareImageAsync(node, template, options.Value.ImageLimit, cancellationToken))
            {
                if (reply.Stage == Stage.Failed)
                {
                    return new(new BuildGoldenReply { Reason = reply.Reason, Retry = reply.Retry, ImageDigest = reply.Digest }, "");
                }

                // The digest is written once, and before anything is started from it.
                var text = Describe(reply);
                var resolved = reply.Digest.Length > 0 && reply.Digest != digest;
                if (resolved || (text != told && (toldAt == 0 || time.GetElapsedTime(toldAt) >= Pace)))
                {
                    var now = await clock.NowAsync();
                    await change(record => record with
                    {
                        Progress = text,
                        ImageDigest = reply.Digest.Length > 0 ? reply.Digest : record.ImageDigest,
                        UpdatedAt = now,
                    });
                    (told, toldAt) = (text, time.GetTimestamp());
                    digest = reply.Digest.Length > 0 ? reply.Digest : digest;
                }
            }

            return null;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unimplemented)
        {
            // A node of an older version brings the image while it builds.
            return null;
        }
        catch (RpcException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new(null, $"node {node.Id} at {node.Address} did not prepare the image: {e.StatusCode} ({e.Status.Detail})");
        }
    }

    private static string Describe(PrepareImageReply reply) => reply.Stage switch
    {
        Stage.Resolving => "resolving the image",
        Stage.Pulling => $"pulling the image: {Megabytes(reply.Bytes)} of {Megabytes(reply.TotalBytes)} MB",
        Stage.Unpacking => $"unpacking the image of {Megabytes(reply.TotalBytes)} MB",
        _ => "",
    };

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture);
}
