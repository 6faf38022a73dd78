using System.Security.Cryptography;
using System.Text;

namespace Substrate.NodeAgent.Api;

/// <summary>Lets only callers in that know the installation's shared token, when there is one.</summary>
internal sealed class TokenGate(RequestDelegate next, string token)
{
    private readonly byte[] _expected = Encoding.UTF8.GetBytes($"Bearer {token}");

    public Task InvokeAsync(HttpContext context)
    {
        var given = Encoding.UTF8.GetBytes(context.Request.Headers.Authorization.ToString());
        if (CryptographicOperations.FixedTimeEquals(given, _expected))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }
}
