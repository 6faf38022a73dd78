using System.Net;
using Substrate.Perf.Load;

namespace Substrate.Cli.Multiplexing;

/// <summary>Sends requests to actors through the ingress, by path and by host in turn, and checks every answer.</summary>
internal sealed class Requester(MultiplexPlan plan, Tally tally, TimeProvider time) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = plan.Concurrency, AllowAutoRedirect = false })
    {
        BaseAddress = plan.Ingress,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>One request to one actor, when no other one is under way to it.</summary>
    public async Task AskAsync(ExpectedCount expected, bool byHost, CancellationToken cancellationToken)
    {
        await expected.EnterAsync(cancellationToken);
        try
        {
            using var limit = new CancellationTokenSource(plan.RequestTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            using var request = Request(expected.Actor, byHost);
            var started = time.GetTimestamp();
            using var response = await _http.SendAsync(request, either.Token);
            var text = await response.Content.ReadAsStringAsync(either.Token);
            Judge(expected, response.StatusCode, text, time.GetElapsedTime(started));
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            expected.Lost();
            tally.Failed($"{MultiplexPlan.Atespace}/{expected.Actor}: {(failure is HttpRequestException ? failure.Message : "no answer in time")}");
        }
        finally
        {
            expected.Leave();
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(string actor, bool byHost)
    {
        if (!byHost)
        {
            return new HttpRequestMessage(HttpMethod.Get, $"/actors/{MultiplexPlan.Atespace}/{actor}/");
        }

        var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Host = $"{actor}.{MultiplexPlan.Atespace}.actors.localhost:{plan.Ingress.Port}";
        return request;
    }

    private void Judge(ExpectedCount expected, HttpStatusCode status, string text, TimeSpan latency)
    {
        if (status != HttpStatusCode.OK)
        {
            expected.Lost();
            tally.Failed($"{MultiplexPlan.Atespace}/{expected.Actor}: {(int)status} {text.Trim()}");
        }
        else if (CounterAnswer.Parse(text) is not { } answer)
        {
            expected.Lost();
            tally.Wrong($"{MultiplexPlan.Atespace}/{expected.Actor} answered something else: {text.Trim()}");
        }
        else if (expected.Check(answer) is { } problem)
        {
            tally.Wrong(problem);
        }
        else
        {
            tally.Right(latency);
        }
    }
}
