using System.Runtime.CompilerServices;
using Substrate.NodeAgent.Images;
using Substrate.NodeAgent.V1;
using Substrate.State.Templates;
using static Substrate.NodeAgent.V1.PrepareImageReply.Types;

namespace Substrate.NodeAgent.Api;

/// <summary>Prepares a template's image and tells how far it is, a few times a second.</summary>
internal sealed class ImagePreparation(IImageSource images, NodeMetrics metrics, TimeProvider time, ILogger<ImagePreparation> logger)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    /// <summary>The stages as they come; the last is READY or FAILED.</summary>
    public async IAsyncEnumerable<PrepareImageReply> PrepareAsync(TemplateRecord template, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var image = template.Spec.Container.Image;
        var start = time.GetTimestamp();
        var work = images.PrepareAsync(image, template.ImageDigest, cancellationToken);
        while (await Task.WhenAny(work, Task.Delay(Pace, time, cancellationToken)) != work)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return images.Progress(image) is { } progress
                ? new PrepareImageReply
                {
                    Stage = progress.Unpacking ? Stage.Unpacking : Stage.Pulling,
                    Digest = progress.Digest,
                    Bytes = progress.Bytes,
                    TotalBytes = progress.TotalBytes,
                }
                : new PrepareImageReply { Stage = Stage.Resolving };
        }

        var end = await EndAsync(template, work);
        metrics.ImagePrepared(end.Stage == Stage.Ready, time.GetElapsedTime(start));
        yield return end;
    }

    private async Task<PrepareImageReply> EndAsync(TemplateRecord template, Task<UnpackedImage> work)
    {
        try
        {
            var ready = await work;
            Log.ImagePrepared(logger, template.Spec.Container.Image, ready.Digest);
            return new PrepareImageReply { Stage = Stage.Ready, Digest = ready.Digest };
        }
        catch (ImageException e)
        {
            return new PrepareImageReply { Stage = Stage.Failed, Reason = e.Message, Retry = e.Temporary };
        }
    }
}
