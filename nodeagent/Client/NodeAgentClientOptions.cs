namespace Substrate.NodeAgents;

/// <summary>Section <c>Substrate</c>: what the processes of one installation share.</summary>
internal sealed class NodeAgentClientOptions
{
    public const string Section = "Substrate";

    /// <summary>Shared secret sent with every call as a bearer token; null or empty for none. Default none.</summary>
    public string? Token { get; set; }
}
