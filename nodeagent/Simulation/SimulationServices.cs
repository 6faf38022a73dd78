using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Cgroups;
using Substrate.NodeAgent.Images;
using Substrate.NodeAgent.Networks;
using Substrate.NodeAgent.Runtime;

namespace Substrate.NodeAgent.Simulation;

/// <summary>Puts simulated sandboxes in the place of real ones.</summary>
internal static class SimulationServices
{
    public static IServiceCollection AddSimulation(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SimulationOptions>().Bind(configuration.GetSection(SimulationOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SimulationOptions>, SimulationOptionsValidator>();
        services.AddSingleton<SimulatedMachine>();
        services.AddSingleton<SimulatedHttp>();
        services.AddSingleton<ISandboxRuntime, SimulatedRuntime>();
        services.AddSingleton<ISlotNetworks, SimulatedNetworks>();
        services.AddSingleton<ICgroups, SimulatedCgroups>();
        services.AddSingleton<IImageSource, SimulatedImages>();
        return services;
    }
}
