using System.Diagnostics;
using Xunit;

namespace Substrate.TestSupport.Polling;

/// <summary>Waits for what happens elsewhere by looking again and again, with a deadline.</summary>
public static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits until the condition holds; fails the test when it does not in time.</summary>
    /// <param name="condition">What is to become true.</param>
    /// <param name="within">Longest wait; the machine may be busy, so be generous.</param>
    /// <param name="description">What is waited for, in words, for the failure message.</param>
    public static Task TrueAsync(Func<bool> condition, TimeSpan within, string description) =>
        TrueAsync(() => Task.FromResult(condition()), within, description);

    /// <inheritdoc cref="TrueAsync(Func{bool}, TimeSpan, string)"/>
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan within, string description)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > within)
            {
                Assert.Fail($"Not so within {within.TotalSeconds:0.#} s: {description}");
            }

            await Task.Delay(Interval, TimeProvider.System, CancellationToken.None);
        }
    }
}
