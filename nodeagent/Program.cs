using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Substrate.NodeAgent;
using Substrate.NodeAgent.Networks;
using Substrate.NodeAgent.Runtime;

try
{
    MountNamespace.EnterWhereNeeded();
    await NodeAgentHost.Create(args).RunAsync();
    return 0;
}
catch (RedisException e)
{
    // The rest of the library's message is its internal state.
    return await FailAsync($"Redis:ConnectionString: the store does not answer: {e.Message.Split(" - ")[0]}");
}
catch (Exception e) when (e is OptionsValidationException or InvalidOperationException or IOException or UnauthorizedAccessException
    or RunscException or NetworkException)
{
    return await FailAsync(e.Message);
}

static async Task<int> FailAsync(string problem)
{
    await Console.Error.WriteLineAsync($"substrate-nodeagent: {problem.ReplaceLineEndings(" ")}");
    return 1;
}
