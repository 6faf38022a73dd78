using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Substrate.Scheduler;

try
{
    await SchedulerHost.Create(args).RunAsync();
    return 0;
}
catch (RedisException e)
{
    // The rest of the library's message is its internal state.
    return await FailAsync($"Redis:ConnectionString: the store does not answer: {e.Message.Split(" - ")[0]}");
}
catch (Exception e) when (e is OptionsValidationException or IOException or UnauthorizedAccessException or FormatException)
{
    return await FailAsync(e.Message);
}
catch (InvalidOperationException e) when (e.InnerException is FormatException)
{
    return await FailAsync(e.Message);
}

static async Task<int> FailAsync(string problem)
{
    await Console.Error.WriteLineAsync($"substrate-scheduler: {problem.ReplaceLineEndings(" ")}");
    return 1;
}
