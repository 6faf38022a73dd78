using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Substrate.Scheduler.Api;

namespace Substrate.Scheduler.Security;

/// <summary>Demands the shared secret of every call but those for health, when one is configured (<c>Substrate:Token</c>).</summary>
internal sealed class TokenInterceptor(IConfiguration configuration) : Interceptor
{
    private const string Scheme = "Bearer ";

    // Hashes of equal length, so that comparing takes the same time whatever was sent.
    private readonly byte[]? _expected = configuration["Substrate:Token"] is { Length: > 0 } token ? Hash(token) : null;

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(request, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(request, responseStream, context);
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(requestStream, responseStream, context);
    }

    private void Check(ServerCallContext context)
    {
        if (_expected is null || context.Method.StartsWith("/grpc.health.", StringComparison.Ordinal))
        {
            return;
        }

        var header = context.RequestHeaders.GetValue("authorization");
        if (header?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) != true)
        {
            throw ApiErrors.Unauthenticated("missing bearer token");
        }

        if (!CryptographicOperations.FixedTimeEquals(Hash(header[Scheme.Length..]), _expected))
        {
            throw ApiErrors.Unauthenticated("invalid bearer token: it is not the one that Substrate:Token names");
        }
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
