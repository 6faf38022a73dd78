using Microsoft.Extensions.Time.Testing;
using Substrate.NodeAgent.Sandboxes;

namespace Substrate.NodeAgent.UnitTests.Sandboxes;

public sealed class RefillPaceTests
{
    private readonly FakeTimeProvider _time = new() { AutoAdvanceAmount = TimeSpan.Zero };

    [Fact]
    public void Wait_WithNoActivation_IsOver() => Assert.True(new RefillPace(_time).WaitAsync(CancellationToken.None).IsCompletedSuccessfully);

    [Fact]
    public async Task Wait_DuringAnActivation_EndsSomeTimeAfterIt()
    {
        var pace = new RefillPace(_time);
        pace.Enter();
        var wait = pace.WaitAsync(CancellationToken.None);
        await PassAsync(50);
        Assert.False(wait.IsCompleted);

        pace.Leave();
        await PassAsync(20);
        Assert.False(wait.IsCompleted);

        await PassAsync(30);
        await wait.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Wait_UnderSteadyLoad_IsBounded()
    {
        var pace = new RefillPace(_time);
        pace.Enter();
        var wait = pace.WaitAsync(CancellationToken.None);

        await PassAsync(600);

        await wait.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    // Each step of the fake clock runs the timer that is due, inline.
    private async Task PassAsync(int milliseconds)
    {
        for (var i = 0; i < milliseconds; i += 5)
        {
            _time.Advance(TimeSpan.FromMilliseconds(5));
            await Task.Yield();
        }
    }
}
