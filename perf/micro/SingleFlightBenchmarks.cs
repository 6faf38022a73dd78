using BenchmarkDotNet.Attributes;
using Substrate.NodeAgent.Flights;

namespace Substrate.Perf.Micro;

/// <summary>Many callers that want the same thing at once.</summary>
[MemoryDiagnoser]
public class SingleFlightBenchmarks
{
    private readonly SingleFlight<string, int> _flights = new();

    [Benchmark]
    public Task<int> OneCallerAsync() => _flights.RunAsync("a", static _ => Task.FromResult(1), CancellationToken.None);

    /// <summary>A hundred join before the work ends.</summary>
    [Benchmark]
    public async Task<int> HundredCallersAsync()
    {
        var work = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var callers = new Task<int>[100];
        for (var i = 0; i < callers.Length; i++)
        {
            callers[i] = _flights.RunAsync("b", _ => work.Task, CancellationToken.None);
        }

        work.SetResult(1);
        return (await Task.WhenAll(callers)).Length;
    }
}
