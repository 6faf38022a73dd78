namespace Substrate.NodeAgent.Networks;

/// <summary>The kernel's network set-up was refused; the message has the tool's own words.</summary>
internal sealed class NetworkException(string message) : Exception(message);
