using StackExchange.Redis;
using Substrate.Scheduler.OpenApi;
using Substrate.Scheduler.Security;
using Activator = Substrate.State.Activation.Activator;

namespace Substrate.Scheduler.Api;

/// <summary>The gRPC services, with health and reflection.</summary>
internal static class ApiServices
{
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddSingleton<Activator>();
        services.AddSingleton<CallLimit>();
        services.AddSingleton<ActorCalls>();
        services.AddSingleton<RestCalls>();
        services.AddSingleton<ResumeCalls>();
        services.AddSingleton(static provider => new TokenSigner(() => TokenSigner.SharedKeyAsync(provider.GetRequiredService<IConnectionMultiplexer>())));
        services.AddSingleton<PageTokens>();
        services.AddSingleton<ListingCalls>();
        services.AddSingleton<WorkerCalls>();
        services.AddSingleton<FindCalls>();
        services.AddSingleton<WatchCalls>();
        services.AddSingleton<ExplainCalls>();
        services.AddSingleton<AtespaceCalls>();
        services.AddSingleton<NodeCalls>();
        services.AddSingleton<StatisticsCalls>();
        services.AddSingleton<TimerCalls>();
        services.AddSingleton<TemplateCalls>();
        services.AddSingleton<NodeWishes>();
        services.AddSingleton<DomainCalls>();
        services.AddSingleton<TokenInterceptor>();
        services.AddSingleton<CallInterceptor>();
        services.AddGrpc(static options =>
        {
            options.Interceptors.Add<CallInterceptor>();
            options.Interceptors.Add<TokenInterceptor>();
        }).AddJsonTranscoding();
        services.AddGrpcReflection();
        services.AddGrpcHealthChecks();
        return services;
    }

    public static void MapApi(this WebApplication app)
    {
        app.MapGrpcService<ControlService>();
        app.MapGrpcService<AdminService>();
        app.MapGrpcHealthChecksService();
        app.MapGrpcReflectionService();

        // Says nothing that reflection does not; made once.
        var document = new Lazy<string>(static () => OpenApiDocument.Of(
            AteApi.Control.Descriptor, Admin.V1.Admin.Descriptor).ToJsonString(new() { WriteIndented = true }));
        app.MapGet("/openapi.json", context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(document.Value, context.RequestAborted);
        });
    }
}
