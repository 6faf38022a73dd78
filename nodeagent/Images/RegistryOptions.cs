namespace Substrate.NodeAgent.Images;

/// <summary>How this node talks to registries. The files are those of the field: skopeo reads them.</summary>
/// <param name="AuthFile">Docker's <c>config.json</c> with credentials and helpers; empty for where skopeo looks by itself.</param>
/// <param name="RegistriesFile">A <c>registries.conf</c> with mirrors and blocked registries; empty for <c>/etc/containers/registries.conf</c>.</param>
/// <param name="Limit">Longest time one pull may take.</param>
internal sealed record RegistryOptions(string AuthFile, string RegistriesFile, TimeSpan Limit);
