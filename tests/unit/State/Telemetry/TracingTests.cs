using System.Diagnostics;
using Substrate.State.Telemetry;

namespace Substrate.State.UnitTests.Telemetry;

public sealed class TracingTests
{
    [Fact]
    public void StartActivity_NobodyListens_AnswersNullAndAllocatesNothing()
    {
        using var source = new ActivitySource("Quiet");
        Spans(source, 10);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Spans(source, 1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Sources_All_FallUnderThePattern() =>
        Assert.All([Tracing.Proxy, Tracing.NodeAgent, Tracing.Scheduler, Tracing.State], static source =>
            Assert.StartsWith(Tracing.AllSources.TrimEnd('*'), source.Name, StringComparison.Ordinal));

    private static void Spans(ActivitySource source, int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var span = source.StartActivity("hold");
            Assert.Null(span);
        }
    }
}
