using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Substrate.Proxy;

try
{
    await using var proxy = ProxyHost.Create(args);
    try
    {
        await proxy.StartAsync();
    }
    catch
    {
        // What started before the failure ends in order.
        await proxy.StopAsync();
        throw;
    }

    await proxy.WaitForShutdownAsync();
    return 0;
}
catch (Exception e) when (e is RedisException or TimeoutException)
{
    await Console.Error.WriteLineAsync("proxy: the store at Redis:ConnectionString cannot be reached: " + e.Message);
    return 1;
}
catch (Exception e) when (e is OptionsValidationException or IOException or AddressInUseException or System.Net.Sockets.SocketException or FormatException or InvalidOperationException)
{
    await Console.Error.WriteLineAsync("proxy: " + e.Message);
    return 1;
}
