using Substrate.NodeAgent.Images;

namespace Substrate.NodeAgent.Simulation;

/// <summary>Takes every image for one that is unpacked already.</summary>
internal sealed class SimulatedImages : IImageSource
{
    private const string Digest = "sha256:51a1000000000000000000000000000000000000000000000000000000000000";

    public Task<UnpackedImage> PrepareAsync(string image, string? expectedDigest, CancellationToken cancellation) =>
        Task.FromResult(new UnpackedImage(expectedDigest is { Length: > 0 } known ? known : Digest, "/", new ImageConfig { Cmd = ["simulated"] }));

    public PullProgress? Progress(string image) => null;

    public IReadOnlyList<string> Collect(IReadOnlySet<string> referred, TimeSpan unused) => [];
}
