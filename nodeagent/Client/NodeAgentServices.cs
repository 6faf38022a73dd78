using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Substrate.State.Activation;

namespace Substrate.NodeAgents;

/// <summary>Registers the calls to node agents.</summary>
internal static class NodeAgentServices
{
    /// <summary>Registers <see cref="NodeAgentClients"/>, also as <see cref="INodeAgents"/>.</summary>
    public static IServiceCollection AddNodeAgentClients(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<NodeAgentClientOptions>().Bind(configuration.GetSection(NodeAgentClientOptions.Section));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(static provider => new NodeAgentClients(
            provider.GetRequiredService<IOptions<NodeAgentClientOptions>>().Value.Token, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<INodeAgents>(static provider => provider.GetRequiredService<NodeAgentClients>());
        return services;
    }
}
