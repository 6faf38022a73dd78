using System.Text.Json;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Substrate.State.Storage;

namespace Substrate.NodeAgent.Images;

/// <summary>Removes unpacked images that no template and no sandbox refers to any more.</summary>
internal sealed class ImageCollector(
    IImageSource images, TemplateStore templates, NodePaths paths, IOptions<NodeOptions> options, TimeProvider time, ILogger<ImageCollector> logger)
    : BackgroundService
{
    // Between being handed out and standing in a sandbox's bundle, an image is known to nobody else.
    private static readonly TimeSpan Unused = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ImageSweep, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(Unused);
            }
            catch (Exception e) when (e is RedisException or TimeoutException or IOException or UnauthorizedAccessException)
            {
                // Without the templates nothing is known to be unused. The next round tries again.
                Log.ImagesNotSwept(logger, e.Message);
            }
        }
    }

    /// <summary>One round.</summary>
    /// <returns>Digests of what was removed.</returns>
    public async Task<IReadOnlyList<string>> SweepAsync(TimeSpan unused)
    {
        var referred = (await templates.ListAsync()).Select(static template => template.ImageDigest).ToHashSet(StringComparer.Ordinal);
        referred.UnionWith(Directory.EnumerateDirectories(paths.Sandboxes).Select(DigestOfBundle).OfType<string>());
        var removed = images.Collect(referred, unused);
        foreach (var digest in removed)
        {
            Log.ImageRemoved(logger, digest);
        }

        return removed;
    }

    // The bundle says what a sandbox's root is, also for sandboxes that an earlier agent made.
    private static string? DigestOfBundle(string directory)
    {
        try
        {
            using var config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(directory, "config.json")));
            return ImageStore.DigestOf(Path.GetDirectoryName(config.RootElement.GetProperty("root").GetProperty("path").GetString())!);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Not written yet, or gone by now.
            return null;
        }
    }
}
