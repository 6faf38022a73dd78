namespace Substrate.NodeAgent.Runtime;

/// <summary>The sandbox runtime refused or failed; the message names the command and its last words.</summary>
internal sealed class RunscException(string message) : Exception(message);
