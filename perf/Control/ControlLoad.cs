using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using Substrate.Perf.Suites;

namespace Substrate.Perf.Control;

/// <summary>What a simulated actor answers.</summary>
internal sealed record ControlAnswer(string Actor, string Atespace, long Memory);

/// <summary>What one load measured.</summary>
/// <param name="PerSecond">Right answers per second.</param>
/// <param name="Milliseconds">Latencies, from when a request was due.</param>
/// <param name="Failed">Requests without a right answer.</param>
/// <param name="CpuMicroseconds">CPU per request of each process, by its name.</param>
internal sealed record ControlMeasure(double PerSecond, Rounds.Samples Milliseconds, long Failed, IReadOnlyDictionary<string, double> CpuMicroseconds);

/// <summary>
/// Requests that all find their actor at rest: each goes to the actor that was asked for longest ago, of many times more than there are slots.
/// An answer must come from that actor and count every request that it ever got.
/// </summary>
internal sealed class ControlLoad(ControlCluster cluster, int actors, TimeProvider time) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 512 }) { Timeout = TimeSpan.FromSeconds(30) };
    private readonly long[] _visits = new long[actors];
    private readonly ConcurrentQueue<string> _problems = new();
    private long _next;

    /// <summary>The first few things that were wrong.</summary>
    public IEnumerable<string> Problems => _problems.Take(10);

    public static string Name(long index) => string.Create(CultureInfo.InvariantCulture, $"actor-{index:0000000}");

    /// <summary>As many as go, from so many callers that each wait for their answer.</summary>
    public Task<ControlMeasure> ClosedAsync(int callers, TimeSpan duration, CancellationToken cancellationToken) => MeasureAsync(async (tally, start) =>
        await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            while (time.GetElapsedTime(start) < duration)
            {
                await AskAsync(time.GetTimestamp(), tally, cancellationToken);
            }
        })));

    /// <summary>So many per second, whatever becomes of earlier ones.</summary>
    public Task<ControlMeasure> OpenAsync(double rate, TimeSpan duration, CancellationToken cancellationToken) => MeasureAsync(async (tally, start) =>
    {
        var asked = new List<Task>();
        var total = (int)(rate * duration.TotalSeconds);
        for (var i = 0; i < total; i++)
        {
            var due = start + (long)(i / rate * time.TimestampFrequency);
            while (time.GetTimestamp() < due)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), time, cancellationToken);
            }

            asked.Add(AskAsync(due, tally, cancellationToken));
        }

        await Task.WhenAll(asked);
    });

    /// <summary>One request after the other.</summary>
    public async Task<Rounds.Samples> OneByOneAsync(int requests, CancellationToken cancellationToken)
    {
        var tally = new Tally();
        for (var i = 0; i < requests; i++)
        {
            await AskAsync(time.GetTimestamp(), tally, cancellationToken);
        }

        return tally.Failed == 0 ? new(tally.Milliseconds) : throw new BenchException($"{tally.Failed} answers were wrong") { Details = string.Join('\n', Problems) };
    }

    public void Dispose() => _http.Dispose();

    private async Task<ControlMeasure> MeasureAsync(Func<Tally, long, Task> load)
    {
        var before = Cpu();
        var tally = new Tally();
        var start = time.GetTimestamp();
        await load(tally, start);
        var seconds = time.GetElapsedTime(start).TotalSeconds;
        var after = Cpu();
        var right = Math.Max(1, tally.Milliseconds.Count);
        return new(
            tally.Milliseconds.Count / seconds,
            new(tally.Milliseconds),
            tally.Failed,
            before.ToDictionary(static b => b.Key, b => (after[b.Key] - b.Value).TotalMicroseconds / right));
    }

    private Dictionary<string, TimeSpan> Cpu() => cluster.Processes
        .GroupBy(static p => p.Name.StartsWith("node", StringComparison.Ordinal) ? "nodes" : p.Name)
        .ToDictionary(static g => g.Key, static g => g.Aggregate(TimeSpan.Zero, static (sum, p) => sum + p.Cpu))
        .Append(new("generator", ControlProcess.OwnCpu))
        .ToDictionary();

    private async Task AskAsync(long due, Tally tally, CancellationToken cancellationToken)
    {
        var index = (Interlocked.Increment(ref _next) - 1) % actors;
        var visit = Interlocked.Increment(ref _visits[index]);
        var problem = await ProblemAsync(index, visit, cancellationToken);
        if (problem is null)
        {
            tally.Milliseconds.Add(time.GetElapsedTime(due).TotalMilliseconds);
        }
        else
        {
            Interlocked.Increment(ref tally.Failed);
            _problems.Enqueue(problem);
        }
    }

    private async Task<string?> ProblemAsync(long index, long visit, CancellationToken cancellationToken)
    {
        var name = Name(index);
        try
        {
            using var response = await _http.GetAsync(new Uri(cluster.Ingress, $"/actors/{ControlCluster.Atespace}/{name}/"), cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                return $"{name}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}";
            }

            var answer = await response.Content.ReadFromJsonAsync<ControlAnswer>(cancellationToken);
            return answer!.Actor == name && answer.Memory == visit ? null : $"{name}: visit {visit} was answered by {answer.Actor} with {answer.Memory}";
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return $"{name}: {e.Message}";
        }
    }

    private sealed class Tally
    {
        public ConcurrentBag<double> Milliseconds { get; } = [];

        public long Failed;
    }
}
