using System.Net;

namespace Substrate.Perf.Load;

/// <summary>Sends one request to an actor and judges the answer. The scenario of every load, whoever drives it.</summary>
internal sealed class ActorCaller : IDisposable
{
    private readonly LoadPlan _plan;
    private readonly HttpMethod _method;
    private readonly HttpClient _http;
    private readonly CountCheck[] _counts;
    private readonly string[] _paths;

    public ActorCaller(LoadPlan plan)
    {
        _plan = plan;
        _method = new HttpMethod(plan.Method);
        _counts = [.. plan.Actors.Select(actor => new CountCheck(plan.Atespace, actor))];
        _paths = [.. plan.Actors.Select(actor => $"/actors/{plan.Atespace}/{actor}{plan.Path}")];
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            MaxConnectionsPerServer = plan.Connections,
            EnableMultipleHttp2Connections = true,
        })
        {
            BaseAddress = plan.Target,
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = plan.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    /// <summary>Asks the actor of that index.</summary>
    public async Task<CallResult> CallAsync(int actor, CancellationToken cancellationToken)
    {
        var above = _counts[actor].Send();
        try
        {
            using var request = new HttpRequestMessage(_method, _paths[actor]) { Version = _http.DefaultRequestVersion, VersionPolicy = _http.DefaultVersionPolicy };
            request.Content = _plan.Body is { } body ? new StringContent(body) : null;
            using var response = await _http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return Judge(actor, above, response, text) with { Timing = response.Headers.TryGetValues("Server-Timing", out var timing) ? string.Join(", ", timing) : "" };
        }
        catch (HttpRequestException e)
        {
            return new CallResult(CallOutcome.Failed, $"{_plan.Actors[actor]}: {e.Message}");
        }
        catch (OperationCanceledException)
        {
            return new CallResult(CallOutcome.Failed, $"{_plan.Actors[actor]}: no answer in time");
        }
    }

    public void Dispose() => _http.Dispose();

    private CallResult Judge(int actor, long above, HttpResponseMessage response, string text)
    {
        if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout)
        {
            return new CallResult(CallOutcome.Refused, $"{_plan.Actors[actor]}: {(int)response.StatusCode} {text.Trim()}");
        }

        var problem = !response.IsSuccessStatusCode ? $"{_plan.Actors[actor]}: {(int)response.StatusCode} {text.Trim()}"
            : _plan.Check == AnswerCheck.Status ? null
            : CounterAnswer.Parse(text) is { } answer ? _counts[actor].Check(answer, above)
            : $"{_plan.Actors[actor]} answered something else: {text.Trim()}";
        return problem is null ? new CallResult(CallOutcome.Right) : new CallResult(CallOutcome.Wrong, problem);
    }
}
