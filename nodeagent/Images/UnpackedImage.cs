namespace Substrate.NodeAgent.Images;

/// <summary>An image on this node's disk, shared read-only by all sandboxes that run it.</summary>
/// <param name="Digest">Digest of its manifest, <c>sha256:…</c>.</param>
/// <param name="RootfsPath">Directory that holds its file system.</param>
/// <param name="Config">What it says about its process.</param>
internal sealed record UnpackedImage(string Digest, string RootfsPath, ImageConfig Config);
