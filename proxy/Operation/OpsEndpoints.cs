using Prometheus;
using StackExchange.Redis;
using Substrate.State.View;

namespace Substrate.Proxy.Operation;

/// <summary>What operators and orchestrators ask: <c>/metrics</c>, <c>/healthz</c> (alive), <c>/readyz</c> (can serve, or why not).</summary>
internal sealed class OpsEndpoints(CollectorRegistry registry, IConnectionMultiplexer redis, ClusterViewFeed view, Drain drain)
{
    public Task InvokeAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/healthz" => AnswerAsync(context, 200, "ok"),
        "/readyz" => ReadyAsync(context),
        "/metrics" => MetricsAsync(context),
        _ => AnswerAsync(context, 404, "Here are /metrics, /healthz and /readyz."),
    };

    private async Task ReadyAsync(HttpContext context)
    {
        if (drain.Begun)
        {
            await AnswerAsync(context, 503, "The proxy is stopping.");
            return;
        }

        try
        {
            await redis.GetDatabase().PingAsync();
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            await AnswerAsync(context, 503, "The store cannot be reached: " + e.Message);
            return;
        }

        await (view.Current.Nodes.IsEmpty ? AnswerAsync(context, 503, "No node is alive.") : AnswerAsync(context, 200, "ok"));
    }

    private Task MetricsAsync(HttpContext context)
    {
        context.Response.ContentType = PrometheusConstants.TextContentTypeWithVersionAndEncoding;
        return registry.CollectAndExportAsTextAsync(context.Response.Body, context.RequestAborted);
    }

    private static Task AnswerAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }
}
