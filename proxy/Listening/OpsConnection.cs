using Microsoft.AspNetCore.Connections;

namespace Substrate.Proxy.Listening;

/// <summary>
/// Marks the connections of the operations listener. Requests are told apart by the listener that accepted them, never by host
/// or path, so that no name of an actor leads there and no operations path leads to an actor.
/// </summary>
internal sealed class OpsConnection
{
    private static readonly OpsConnection Mark = new();

    public static ConnectionDelegate Marking(ConnectionDelegate next) => connection =>
    {
        connection.Features.Set(Mark);
        return next(connection);
    };
}
