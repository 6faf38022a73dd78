using System.Globalization;
using Substrate.NodeAgent.ComponentTests.Snapshots;
using Substrate.NodeAgent.Snapshots;
using Substrate.State.Actors;
using Substrate.TestSupport.Faults;
using Substrate.TestSupport.S3;

namespace Substrate.NodeAgent.ComponentTests.Store;

/// <summary>
/// A real S3 server behind a connection on which everything goes wrong: what was stored is whole, what was not stored is still here, and
/// nothing is half. <c>SUBSTRATE_STORE_CYCLES</c> sets the number of cycles.
/// </summary>
public sealed class StoreFaultTests : IAsyncLifetime
{
    private const int MostAttempts = 60;

    private readonly S3Server _server = new();
    private readonly SnapshotFixture _fixture = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _fixture.Dispose();
    }

    [Fact]
    public async Task SuspendAndResume_EverythingGoesWrong_NothingIsLostAndNothingIsHalf()
    {
        var cycles = int.Parse(Environment.GetEnvironmentVariable("SUBSTRATE_STORE_CYCLES") ?? "12", CultureInfo.InvariantCulture);
        var (random, dealt) = (new Random(1), 0);
        await using var proxy = new FaultyProxy(_server.Port) { Choose = () => Draw(random, Interlocked.Increment(ref dealt)) };
        using var faulty = S3Fixture.Open(proxy.Port, static o => (o.Attempts, o.Timeout) = (2, TimeSpan.FromSeconds(2)));
        using var sound = S3Fixture.Open(_server.Port);
        await using var store = SnapshotFixture.Over(faulty);
        await using var truth = SnapshotFixture.Over(sound);
        var local = _fixture.Local();
        var content = SnapshotFixture.Files();
        await SnapshotFixture.CommitAsync(local, SnapshotFixture.Golden, content, Ct);
        await truth.UploadAsync(local, SnapshotFixture.Golden, null, Ct);
        SnapshotName? before = null;
        for (var cycle = 1; cycle <= cycles; cycle++)
        {
            // Suspend: a snapshot of what the actor has become, and an upload that is repeated until it is done.
            content = SnapshotFixture.Later(content, cycle);
            var name = SnapshotName.ForActor(new ActorKey("demo", "alice"), $"{cycle}-a");
            await SnapshotFixture.CommitAsync(local, name, content, Ct);
            await UntilDoneAsync(() => store.UploadAsync(local, name, SnapshotFixture.Golden, Ct), () => WholeOrMissingAsync(truth, name, content));
            if (before is { } old)
            {
                await UntilDoneAsync(() => store.DeleteAsync(old, Ct), () => Task.CompletedTask);
            }

            // Resume where there is no copy: what comes back is what was suspended.
            local.Delete(name);
            await UntilDoneAsync(() => store.FetchAsync(name, local, Ct), () => Absent(local, name));
            Assert.Equal(content, SnapshotFixture.Read(local.Find(name)!));
            local.Delete(name);
            before = name;
        }

        Assert.Equal([before!.Value], await truth.ListAsync(before.Value.Owner, Ct));
        Assert.Equal(Enum.GetValues<Fault>(), proxy.Happened.Keys.Order());
    }

    // Each fault in its turn, and every third connection sound; where it strikes is drawn.
    private static (Fault, int) Draw(Random random, int turn)
    {
        var faults = Enum.GetValues<Fault>();
        var fault = turn % 3 == 0 ? Fault.None : faults[turn % faults.Length];
        lock (random)
        {
            return (fault, random.Next(1, fault is Fault.Reset or Fault.Truncate ? 300_000 : 20_000));
        }
    }

    private static async Task UntilDoneAsync(Func<Task> attempt, Func<Task> afterFailure)
    {
        for (var count = 1; ; count++)
        {
            try
            {
                await attempt();
                return;
            }
            catch (SnapshotException e) when (e.Problem == SnapshotProblem.StoreUnavailable && count < MostAttempts)
            {
                await afterFailure();
            }
        }
    }

    // As seen by somebody whose connection is good, whatever the failed attempt left.
    private async Task WholeOrMissingAsync(SnapshotStore truth, SnapshotName name, Dictionary<string, byte[]> content)
    {
        if (await truth.ExistsAsync(name, Ct))
        {
            var elsewhere = _fixture.Local("elsewhere");
            Assert.Equal(content, SnapshotFixture.Read(await truth.FetchAsync(name, elsewhere, Ct)));
            elsewhere.Delete(name);
        }
    }

    private static Task Absent(LocalSnapshots local, SnapshotName name)
    {
        Assert.Null(local.Find(name));
        return Task.CompletedTask;
    }
}
