namespace Substrate.NodeAgent.Images;

/// <summary>How far the preparation of an image is.</summary>
/// <param name="Digest">Digest of the manifest; empty until it is resolved.</param>
/// <param name="Bytes">Bytes that are here, packed.</param>
/// <param name="TotalBytes">Bytes there will be; 0 while unknown.</param>
/// <param name="Unpacking">True when all of it is here and is being unpacked.</param>
internal sealed record PullProgress(string Digest, long Bytes, long TotalBytes, bool Unpacking);
