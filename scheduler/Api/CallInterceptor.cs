using System.Globalization;
using Grpc.Core;
using Grpc.Core.Interceptors;
using StackExchange.Redis;

namespace Substrate.Scheduler.Api;

/// <summary>Around every call: the trailer with its duration, the log line, the metric, and a status for what was not expected.</summary>
internal sealed class CallInterceptor(TimeProvider time, ILogger<CallInterceptor> logger) : Interceptor
{
    /// <summary>Trailer with the duration in microseconds, on success and failure.</summary>
    public const string ElapsedTrailer = "x-server-elapsed-us";

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        TResponse? response = null;
        await RunAsync(context, async () => response = await continuation(request, context));
        return response!;
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, () => continuation(request, responseStream, context));

    private async Task RunAsync(ServerCallContext context, Func<Task> call)
    {
        var start = time.GetTimestamp();
        var status = Status.DefaultSuccess;
        try
        {
            await call();
        }
        catch (Exception e)
        {
            var error = AsStatus(context, e);
            status = error.Status;
            throw error;
        }
        finally
        {
            var elapsed = time.GetElapsedTime(start);
            context.ResponseTrailers.Add(ElapsedTrailer, ((long)elapsed.TotalMicroseconds).ToString(CultureInfo.InvariantCulture));
            SchedulerMetrics.Called(context.Method, status.StatusCode.ToString(), elapsed);
            SchedulerLog.Called(logger, context.Method, status.StatusCode.ToString(), elapsed, status.Detail);
        }
    }

    private RpcException AsStatus(ServerCallContext context, Exception e)
    {
        switch (e)
        {
            case RpcException error:
                return error;
            case OperationCanceledException when context.CancellationToken.IsCancellationRequested:
                return new(new Status(StatusCode.Cancelled, "the caller left or its deadline passed"));
            case RedisException or TimeoutException:
                return ApiErrors.StoreAway(e.Message);
            default:
                SchedulerLog.CallFailed(logger, context.Method, e);
                return ApiErrors.Unexpected();
        }
    }
}
