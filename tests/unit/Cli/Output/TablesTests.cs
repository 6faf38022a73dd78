using Substrate.Admin.V1;
using Substrate.AteApi;
using Substrate.Cli.Output;

namespace Substrate.Cli.UnitTests.Output;

public sealed class TablesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Actors_WithoutTerminal_AreAlignedColumnsWithoutTrailingBlanks()
    {
        var running = new Actor
        {
            Atespace = "demo",
            ActorId = "alice",
            Version = 7,
            Status = Actor.Types.Status.Running,
            ActorTemplateNamespace = "demo",
            ActorTemplateName = "counter",
            AteomPodName = "local",
        };
        var paused = new Actor
        {
            Atespace = "demo",
            ActorId = "bob",
            Version = 12,
            Status = Actor.Types.Status.Paused,
            ActorTemplateNamespace = "demo",
            ActorTemplateName = "counter",
            LatestSnapshotInfo = new SnapshotInfo { Local = new LocalSnapshotInfo { NodeVmsWithLocalSnapshots = { "local" } } },
        };

        Assert.Equal(
            """
            NAME    STATE     NODE    TEMPLATE       SNAPSHOT   VERSION
            alice   RUNNING   local   demo/counter   -          7
            bob     PAUSED    -       demo/counter   on local   12

            """,
            Written(Tables.Actors([running, paused], withAtespace: false)));
    }

    [Fact]
    public void Actors_OfEveryAtespace_NameTheirs()
    {
        var actor = new Actor { Atespace = "team-a", ActorId = "alice", Status = Actor.Types.Status.Suspended, LatestSnapshotInfo = new() { External = new() } };

        Assert.StartsWith("ATESPACE   NAME    STATE       NODE   TEMPLATE   SNAPSHOT   VERSION\nteam-a     alice   SUSPENDED   -", Written(Tables.Actors([actor], true)));
    }

    [Fact]
    public void Workers_FreeAndTaken_ShowTheActorOrADash()
    {
        var taken = new Worker
        {
            WorkerPod = "local-0",
            WorkerPool = "default",
            NodeName = "local",
            Ip = "10.0.0.1",
            ActorId = "alice",
            ActorAtespace = "team-a",
            ActorNamespace = "demo",
            ActorTemplate = "counter",
        };
        var free = new Worker { WorkerPod = "local-1", WorkerPool = "default", NodeName = "local" };

        Assert.Equal(
            """
            NAME      POOL      NODE    ACTOR          TEMPLATE       ADDRESS
            local-0   default   local   team-a/alice   demo/counter   10.0.0.1
            local-1   default   local   -              -              -

            """,
            Written(Tables.Workers([taken, free])));
    }

    [Fact]
    public void Templates_FailedAndReady_ShowTheFirstLineOfTheReason()
    {
        var ready = new Template
        {
            Namespace = "demo",
            Name = "counter",
            Phase = "Ready",
            ImageDigest = "sha256:0123456789abcdef0123456789abcdef",
            GoldenBytes = 9_400_000,
            CreatedAt = "2026-01-01T11:57:00Z",
        };
        var failed = new Template { Namespace = "demo", Name = "broken", Phase = "Failed", Reason = "exit code 1\nmore" };

        Assert.Equal(
            """
            NAME           PHASE    IMAGE                 SNAPSHOT   AGE   REASON
            demo/counter   Ready    sha256:0123456789ab   9.4 MB     3m    -
            demo/broken    Failed   -                     -          -     exit code 1

            """,
            Written(Tables.Templates([ready, failed], Now)));
    }

    private static string Written(Listing listing)
    {
        using var output = new StringWriter();
        listing.WriteTo(new Screen(output, TextWriter.Null, interactive: false));
        return output.ToString();
    }
}
