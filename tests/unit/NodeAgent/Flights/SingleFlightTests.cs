using Substrate.NodeAgent.Flights;

namespace Substrate.NodeAgent.UnitTests.Flights;

public sealed class SingleFlightTests
{
    private readonly TaskCompletionSource<int> _landing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _started;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_ManyAtOnce_DoTheWorkOnce()
    {
        await using var flights = new SingleFlight<string, int>();
        var callers = Enumerable.Range(0, 10).Select(_ => flights.RunAsync("a", Work, Ct)).ToArray();

        _landing.SetResult(7);

        Assert.All(await Task.WhenAll(callers), static result => Assert.Equal(7, result));
        Assert.Equal(1, _started);
    }

    [Fact]
    public async Task Run_OtherKey_IsWorkOfItsOwn()
    {
        await using var flights = new SingleFlight<string, int>();
        var callers = new[] { flights.RunAsync("a", Work, Ct), flights.RunAsync("b", Work, Ct) };

        _landing.SetResult(7);
        await Task.WhenAll(callers);

        Assert.Equal(2, _started);
    }

    [Fact]
    public async Task Run_CallerLeaves_TheWorkGoesOn()
    {
        await using var flights = new SingleFlight<string, int>();
        using var leaving = new CancellationTokenSource();
        var left = flights.RunAsync("a", Work, leaving.Token);
        var stayed = flights.RunAsync("a", Work, Ct);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        _landing.SetResult(7);

        Assert.Equal(7, await stayed);
        Assert.Equal(1, _started);
    }

    [Fact]
    public async Task Run_AfterAFailure_StartsAfresh()
    {
        await using var flights = new SingleFlight<string, int>();

        await Assert.ThrowsAsync<InvalidDataException>(() => flights.RunAsync("a", static _ => throw new InvalidDataException(), Ct));

        Assert.Equal(3, await flights.RunAsync("a", static _ => Task.FromResult(3), Ct));
    }

    [Fact]
    public async Task Dispose_WorkUnderWay_IsCancelledAndWaitedFor()
    {
        var flights = new SingleFlight<string, int>();
        var flight = flights.RunAsync("a", async end => await _landing.Task.WaitAsync(end), Ct);

        await flights.DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flight);
        Assert.Throws<ObjectDisposedException>(() => { _ = flights.RunAsync("a", Work, Ct); });
    }

    private Task<int> Work(CancellationToken end)
    {
        Interlocked.Increment(ref _started);
        return _landing.Task;
    }
}
