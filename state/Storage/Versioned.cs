namespace Substrate.State.Storage;

/// <summary>A stored value and the version it was read at.</summary>
/// <param name="Version">Version to swap against.</param>
/// <param name="Value">The value.</param>
public sealed record Versioned<T>(long Version, T Value);
