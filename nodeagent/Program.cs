using Microsoft.Extensions.Options;
using Substrate.NodeAgent;
using Substrate.NodeAgent.Runtime;

try
{
    MountNamespace.EnterWhereNeeded();
    await NodeAgentHost.Create(args).RunAsync();
    return 0;
}
catch (Exception e) when (e is OptionsValidationException or InvalidOperationException or IOException)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}
