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

    private readonly string _directory;
    private readonly ImageUnpacker _unpacker;
    private readonly SingleFlight<string, UnpackedImage> _flights = new();
    private readonly ConcurrentDictionary<string, UnpackedImage> _ready = new();

    /// <param name="directory">Directory of its own; made when missing.</param>
    /// <param name="commands">Runs umoci.</param>
    public ImageStore(string directory, ICommandRunner commands)
    {
        _directory = Path.GetFullPath(directory);
        _unpacker = new ImageUnpacker(commands);
        // Closed to others: an image may hold programs that run as root for whoever starts them.
        PrivateDirectory.Create(_directory);
        foreach (var entry in Directory.EnumerateDirectories(_directory).Where(static e => !File.Exists(Path.Combine(e, DoneMarker))))
        {
            Directory.Delete(entry, recursive: true);
        }
    }

    /// <summary>The unpacked image, unpacked now if it was not yet.</summary>
    /// <param name="image"><c>oci:DIRECTORY[:TAG][@sha256:…]</c></param>
    /// <param name="expectedDigest">Manifest digest it was resolved to before; null or empty to resolve it now.</param>
    /// <param name="cancellation">Ends the waiting; the unpacking goes on for others.</param>
    /// <exception cref="ImageException">It cannot be used; the message says why.</exception>
    public async Task<UnpackedImage> PrepareAsync(string image, string? expectedDigest, CancellationToken cancellation)
    {
        var reference = ImageReference.Parse(image);
        var layout = new ImageLayout(reference);
        if (string.IsNullOrEmpty(expectedDigest))
        {
            expectedDigest = null;
        }
        else if (!ImageDigest.IsValid(expectedDigest))
        {
            throw layout.Wrong($"'{expectedDigest}' is not a digest");
        }
        else if (_ready.TryGetValue(expectedDigest, out var ready))
        {
            return ready;
        }
        else if (File.Exists(Path.Combine(PathOf(expectedDigest), DoneMarker)))
        {
            // The content is here already, whatever has become of the layout.
            return await LoadAsync(layout, expectedDigest, cancellation);
        }

        var manifest = await new ImageResolver(reference, layout).ResolveAsync(expectedDigest, cancellation);
        return _ready.TryGetValue(manifest.Digest, out var known)
            ? known
            : await _flights.RunAsync(manifest.Digest, end => UnpackAsync(layout, manifest, end), cancellation);
    }

    public ValueTask DisposeAsync() => _flights.DisposeAsync();

    private string PathOf(string digest) => Path.Combine(_directory, digest.Replace(':', '-'));

    private async Task<UnpackedImage> UnpackAsync(ImageLayout layout, ResolvedManifest manifest, CancellationToken cancellation)
    {
        var path = PathOf(manifest.Digest);
        var done = Path.Combine(path, DoneMarker);
        if (!File.Exists(done))
        {
            var temporary = Directory.CreateDirectory(Path.Combine(_directory, $".{Guid.NewGuid():N}")).FullName;
            try
            {
                var scratch = Directory.CreateDirectory(Path.Combine(temporary, "layout")).FullName;
                await _unpacker.UnpackAsync(layout, manifest, scratch, Path.Combine(temporary, "rootfs"), cancellation);
                Directory.Delete(scratch, recursive: true);
                await File.WriteAllBytesAsync(Path.Combine(temporary, "config.json"), manifest.Config, cancellation);
                Directory.Move(temporary, path);
                Durability.FlushFileSystem(path);
                await File.WriteAllTextAsync(done, "", cancellation);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw layout.Wrong($"it cannot be unpacked into {_directory}: {e.Message}", e);
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

        return await LoadAsync(layout, manifest.Digest, cancellation);
    }

    private async Task<UnpackedImage> LoadAsync(ImageLayout layout, string digest, CancellationToken cancellation)
    {
        var path = PathOf(digest);
        var rootfs = Path.Combine(path, "rootfs");
        var file = Path.Combine(path, "config.json");
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
