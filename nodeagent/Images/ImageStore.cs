using System.Collections.Concurrent;
using System.Collections.Immutable;
using Substrate.NodeAgent.Commands;
using Substrate.NodeAgent.Files;
using Substrate.NodeAgent.Flights;

namespace Substrate.NodeAgent.Images;

/// <summary>
/// The node's unpacked images: <c>sha256-…/rootfs</c>, <c>config.json</c> and, written last, <c>done</c>. Belongs to one process at a time;
/// what a crash left half made is removed at construction.
/// </summary>
internal sealed class ImageStore : IImageSource, IAsyncDisposable
{
    private const string DoneMarker = "done";
    private const string DirectoryPrefix = "sha256-";

    private readonly string _directory;
    private readonly ImageUnpacker _unpacker;
    private readonly ImageFetcher _fetcher;
    private readonly ImageUse _use;
    private readonly SingleFlight<string, UnpackedImage> _flights = new();
    private readonly ConcurrentDictionary<string, UnpackedImage> _ready = new();

    /// <param name="directory">Directory of its own; made when missing.</param>
    /// <param name="commands">Runs umoci and skopeo.</param>
    /// <param name="registries">How registries are spoken to.</param>
    /// <param name="limits">What an image may cost.</param>
    /// <param name="time">The clock.</param>
    public ImageStore(string directory, ICommandRunner commands, RegistryOptions registries, ImageLimits limits, TimeProvider time)
    {
        _directory = Path.GetFullPath(directory);
        _unpacker = new ImageUnpacker(commands, limits);
        _fetcher = new ImageFetcher(new Registry(commands, registries), limits);
        _use = new ImageUse(time);
        // Closed to others: an image may hold programs that run as root for whoever starts them.
        PrivateDirectory.Create(_directory);
        foreach (var entry in Directory.EnumerateDirectories(_directory).Where(static e => !File.Exists(Path.Combine(e, DoneMarker))))
        {
            Directory.Delete(entry, recursive: true);
        }
    }

    public async Task<UnpackedImage> PrepareAsync(string image, string? expectedDigest, CancellationToken cancellation)
    {
        var reference = ImageReference.Parse(image);
        expectedDigest = string.IsNullOrEmpty(expectedDigest) ? null : expectedDigest;
        if (expectedDigest is not null && !ImageDigest.IsValid(expectedDigest))
        {
            throw new ImageException($"image '{image}': '{expectedDigest}' is not a digest");
        }

        // The content may be here already, whatever has become of the place it came from.
        if (expectedDigest is not null && await FindAsync(image, expectedDigest, cancellation) is { } known)
        {
            return known;
        }

        if (reference.Kind != ImageKind.Layout)
        {
            return await _flights.RunAsync($"{image} {expectedDigest}", end => BringAsync(reference, expectedDigest, end), cancellation);
        }

        var layout = new ImageLayout(image, reference.Location);
        var manifest = await new ImageResolver(reference, layout).ResolveAsync(expectedDigest, cancellation);
        return await UnpackOnceAsync(image, new FetchedImage(manifest.Digest, layout, manifest), cancellation);
    }

    public PullProgress? Progress(string image) => _fetcher.Progress(image);

    public IReadOnlyList<string> Collect(IReadOnlySet<string> referred, TimeSpan unused)
    {
        var removed = new List<string>();
        foreach (var entry in Directory.EnumerateDirectories(_directory, DirectoryPrefix + "*"))
        {
            var digest = DigestOf(entry);
            var gone = Path.Combine(_directory, $".{Guid.NewGuid():N}");
            if (!referred.Contains(digest) && _use.Remove(digest, unused, () =>
            {
                _ready.TryRemove(digest, out _);
                Directory.Move(entry, gone);
            }))
            {
                // Without its marker a crash in the middle leaves what the next start removes.
                File.Delete(Path.Combine(gone, DoneMarker));
                Directory.Delete(gone, recursive: true);
                removed.Add(digest);
            }
        }

        return removed;
    }

    /// <summary>The digest whose image is unpacked below <paramref name="path"/>, a directory of this store.</summary>
    public static string DigestOf(string path) => Path.GetFileName(path).Replace('-', ':');

    public ValueTask DisposeAsync() => _flights.DisposeAsync();

    private string PathOf(string digest) => Path.Combine(_directory, digest.Replace(':', '-'));

    private async Task<UnpackedImage?> FindAsync(string image, string digest, CancellationToken cancellation)
    {
        var (ready, here) = _use.Ask(digest, () => (_ready.GetValueOrDefault(digest), File.Exists(Path.Combine(PathOf(digest), DoneMarker))));
        return ready ?? (here ? await LoadAsync(image, digest, cancellation) : null);
    }

    private async Task<UnpackedImage> BringAsync(ImageReference reference, string? expectedDigest, CancellationToken cancellation)
    {
        var temporary = Path.Combine(_directory, $".{Guid.NewGuid():N}");
        try
        {
            RegistryManifest? manifest = null;
            if (reference.Kind == ImageKind.Registry)
            {
                manifest = await _fetcher.ResolveAsync(reference, expectedDigest, cancellation);
                if (await FindAsync(reference.Text, manifest.Digest, cancellation) is { } known)
                {
                    return known;
                }
            }

            var directory = Path.Combine(Directory.CreateDirectory(temporary).FullName, "layout");
            var fetched = manifest is null
                ? await _fetcher.ExtractAsync(reference, expectedDigest, directory, cancellation)
                : await _fetcher.PullAsync(reference, manifest, directory, cancellation);
            return await UnpackOnceAsync(reference.Text, fetched, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageException($"image '{reference.Text}': it cannot be brought into {_directory}: {e.Message}", e, temporary: true);
        }
        finally
        {
            _fetcher.End(reference);
            Remove(temporary);
        }
    }

    private async Task<UnpackedImage> UnpackOnceAsync(string image, FetchedImage fetched, CancellationToken cancellation) =>
        await FindAsync(image, fetched.Digest, cancellation)
        ?? await _flights.RunAsync(fetched.Digest, end => UnpackAsync(image, fetched, end), cancellation);

    private async Task<UnpackedImage> UnpackAsync(string image, FetchedImage fetched, CancellationToken cancellation)
    {
        var path = PathOf(fetched.Digest);
        var done = Path.Combine(path, DoneMarker);
        if (!File.Exists(done))
        {
            var temporary = Directory.CreateDirectory(Path.Combine(_directory, $".{Guid.NewGuid():N}")).FullName;
            try
            {
                var scratch = Directory.CreateDirectory(Path.Combine(temporary, "layout")).FullName;
                await _unpacker.UnpackAsync(fetched.Layout, fetched.Manifest, scratch, Path.Combine(temporary, "rootfs"), cancellation);
                Directory.Delete(scratch, recursive: true);
                await File.WriteAllBytesAsync(Path.Combine(temporary, "config.json"), fetched.Manifest.Config, cancellation);
                Directory.Move(temporary, path);
                Durability.FlushFileSystem(path);
                await File.WriteAllTextAsync(done, "", cancellation);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new ImageException($"image '{image}': it cannot be unpacked into {_directory}: {e.Message}", e);
            }
            finally
            {
                Remove(temporary);
                if (!File.Exists(done))
                {
                    Remove(path);
                }
            }
        }

        return await LoadAsync(image, fetched.Digest, cancellation);
    }

    private async Task<UnpackedImage> LoadAsync(string image, string digest, CancellationToken cancellation)
    {
        var rootfs = Path.Combine(PathOf(digest), "rootfs");
        var file = Path.Combine(PathOf(digest), "config.json");
        var layout = new ImageLayout(image, PathOf(digest));
        var document = layout.Parse(await File.ReadAllBytesAsync(file, cancellation), file, LayoutJson.Default.ConfigDocument);
        var process = document.Config ?? new ProcessDocument();
        var user = ImageUser.Resolve(
                process.User ?? "", RootfsFiles.ReadLines(rootfs, "etc/passwd"), RootfsFiles.ReadLines(rootfs, "etc/group"), out var problem)
            ?? throw layout.Wrong(problem);
        var config = new ImageConfig
        {
            Entrypoint = Texts(process.Entrypoint),
            Cmd = Texts(process.Cmd),
            Env = Texts(process.Env),
            WorkingDir = Path.Combine("/", process.WorkingDir ?? ""),
            Uid = user.Uid,
            Gid = user.Gid,
            AdditionalGids = user.AdditionalGids,
            ExposedPorts = ImagePorts.Parse(process.ExposedPorts?.Keys ?? []),
        };
        return _ready.GetOrAdd(digest, new UnpackedImage(digest, rootfs, config));
    }

    private static ImmutableArray<string> Texts(ImmutableArray<string>? texts) => [.. (texts ?? []).OfType<string>()];

    private static void Remove(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
