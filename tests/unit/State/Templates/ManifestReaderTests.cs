using System.Diagnostics;
using System.Runtime.CompilerServices;
using Substrate.State.Templates;

namespace Substrate.State.UnitTests.Templates;

public sealed class ManifestReaderTests
{
    internal const string Head = "apiVersion: ate.dev/v1alpha1\nkind: ActorTemplate\nmetadata:\n  name: x\nspec:\n";
    internal const string Box = Head + "  containers:\n    - name: c\n      image: oci:/i\n";

    [Theory]
    [InlineData("busybox", "docker://docker.io/library/busybox:latest")]
    [InlineData("docker://index.docker.io/busybox:1", "docker://docker.io/library/busybox:1")]
    [InlineData("bitnami/redis:7", "docker://docker.io/bitnami/redis:7")]
    [InlineData("ghcr.io/a/b-c_d.e:v1", "docker://ghcr.io/a/b-c_d.e:v1")]
    [InlineData("localhost/a", "docker://localhost/a:latest")]
    [InlineData("node:5000/a:b", "docker://node:5000/a:b")]
    [InlineData("'[::1]:5000/a'", "docker://[::1]:5000/a:latest")]
    [InlineData("x@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "docker://docker.io/library/x@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("oci-archive:x.tar:v1", "oci-archive:/base/x.tar:v1")]
    public void Read_Image_IsMadeAbsolute(string written, string absolute)
    {
        var read = ManifestReader.Read(Box.Replace("oci:/i", written, StringComparison.Ordinal), "", "/base");

        Assert.Empty(read.Problems);
        Assert.Equal(absolute, read.Templates[0].Spec.Container.Image);
    }

    [Fact]
    public void Read_FullManifest_GivesEveryField()
    {
        var template = Assert.Single(Good("""
            apiVersion: ate.dev/v1alpha1
            kind: ActorTemplate
            metadata:
              namespace: demo
              name: agent
              labels: { team: "a" }
            spec:
              pauseImage: registry.k8s.io/pause@sha256:abc
              sandboxClass: gvisor
              containers:
                - name: agent
                  image: oci:images/agent:v1
                  command: ["/agent", "--port", "80"]
                  env:
                    - { name: A, value: "1" }
                    - { name: B, value: x=y }
                  readyz: { timeout: 500ms, httpGet: { port: 8080, path: /up%20now } }
                  resources: { memory: 1.5Gi, cpu: 500m, pids: 256, requests: { memory: 1Gi, cpu: 100m } }
              snapshotsConfig: { location: "gs://bucket", onPause: Full, onCommit: Full }
              workerSelector: { matchLabels: { zone: a, example.com/gpu: "true" } }
              idle: { freezeAfter: 20s, openStreams: idle, pauseAfter: 2h, suspendAfter: never }
            """));

        Assert.Equal(new TemplateKey("demo", "agent"), template.Key);
        var (spec, container) = (template.Spec, template.Spec.Container);
        Assert.Equal("oci:/base/images/agent:v1", container.Image);
        Assert.Equal(["/agent", "--port", "80"], container.Command);
        Assert.Equal(["A=1", "B=x=y"], container.Env);
        Assert.Equal((8080, "/up%20now", TimeSpan.FromMilliseconds(500)), (container.Port, container.ReadyPath, container.ReadyTimeout));
        Assert.Equal(new ResourceLimits { MemoryBytes = 3L << 29, CpuMillis = 500, Pids = 256, RequestedMemoryBytes = 1L << 30, RequestedCpuMillis = 100 }, spec.Resources);
        Assert.Equal(
            new IdlePolicy { FreezeAfter = TimeSpan.FromSeconds(20), OpenStreams = TimeSpan.Zero, PauseAfter = TimeSpan.FromHours(2), SuspendAfter = TimeSpan.Zero },
            spec.Idle);
        Assert.Equal("a", spec.NodeSelector["zone"]);
        Assert.Equal("true", spec.NodeSelector["example.com/gpu"]);
        Assert.Equal("gs://bucket", spec.SnapshotLocation);
    }

    [Fact]
    public void Read_LeastManifest_GivesDefaults()
    {
        var template = Assert.Single(Good(Box));

        Assert.Equal(new TemplateKey("default", "x"), template.Key);
        Assert.Equal(new IdlePolicy(), template.Spec.Idle);
        Assert.Equal(new ResourceLimits(), template.Spec.Resources);
        Assert.Null(template.Spec.Container.ReadyPath);
        Assert.Equal("store:", template.Spec.SnapshotLocation);
    }

    [Fact]
    public void Read_CounterDemo_IsValid()
    {
        var file = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../../demos/counter/counter.yaml"));
        Assert.SkipUnless(File.Exists(file), "the source tree that the tests were built from is gone, and with it demos/counter/counter.yaml");
        var read = ManifestReader.Read(File.ReadAllText(file), "counter.yaml", Path.GetDirectoryName(file)!);

        Assert.Empty(read.Problems);
        Assert.Equal(new TemplateKey("demo", "counter"), Assert.Single(read.Templates).Key);
    }

    [Fact]
    public void Read_ReadyzWithoutPath_ProbesReadyz() =>
        Assert.Equal("/readyz", Assert.Single(Good(Box + "      readyz: { httpGet: { port: 80 } }\n")).Spec.Container.ReadyPath);

    [Fact]
    public void Read_SeveralDocuments_GivesAllAndSkipsEmptyOnes()
    {
        var read = Good("---\n" + Box + "---\n---\n" + Box.Replace("name: x", "name: y", StringComparison.Ordinal) + "---\n");

        Assert.Equal(["x", "y"], read.Select(static t => t.Key.Name));
    }

    [Fact]
    public void Read_OneBadDocumentOfTwo_GivesNoTemplate()
    {
        var read = ManifestReader.Read(Box + "---\nkind: WorkerPool\napiVersion: ate.dev/v1alpha1\n", "f.yaml", "/base");

        Assert.Empty(read.Templates);
        Assert.Equal("f.yaml:10: kind: WorkerPool must be ActorTemplate", Assert.Single(read.Problems).ToString());
    }

    [Fact]
    public void Read_SameNameTwice_SaysSo() =>
        Assert.Contains("default/x is there twice", Problem(Box + "---\n" + Box), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("---\n---\n")]
    [InlineData("# nothing but a comment\n")]
    public void Read_NoDocument_SaysSo(string text) =>
        Assert.Equal("f.yaml:1: the text holds no ActorTemplate", Problem(text));

    [Fact]
    public void Read_ManyProblems_ReportsAllInOrderOfLines()
    {
        var read = ManifestReader.Read(Head + "  sandboxClass: microvm\n  containers:\n    - image: NGINX\n  idle: { pauseAfter: soon }\n", "f.yaml", "/base");

        Assert.Equal([6, 8, 8, 9], read.Problems.Select(static p => (int)p.Line));
    }

    [Fact]
    public void Read_HugeText_IsRefused() =>
        Assert.Contains("at most", Problem(new string('#', 600_000)), StringComparison.Ordinal);

    [Fact]
    public void Read_DeepNesting_IsRefusedWithoutRecursion() =>
        Assert.Equal("f.yaml:1: lists and mappings are nested more than 20 deep", Problem(new string('[', 200_000)));

    [Fact]
    public void Read_AnchorBomb_IsRefused()
    {
        var bomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n";

        Assert.Equal("f.yaml:1: anchors and aliases are not supported: write the value out", Problem(bomb));
    }

    [Fact]
    public void Read_Tag_IsRefused() =>
        Assert.Contains("is not supported", Problem("a: !!python/object:x {}\n"), StringComparison.Ordinal);

    [Fact]
    public void Read_LargestText_EndsInTime()
    {
        var watch = Stopwatch.StartNew();
        var read = ManifestReader.Read(Box + "  idle:\n" + string.Concat(Enumerable.Range(0, 30_000).Select(static i => $"    k{i}: 1\n")), "f.yaml", "/base");

        Assert.Equal(21, read.Problems.Count);
        Assert.Equal("29980 more problems are not shown", read.Problems[^1].Problem);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"took {watch.Elapsed}");
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    internal static IReadOnlyList<ManifestTemplate> Good(string text)
    {
        var read = ManifestReader.Read(text, "f.yaml", "/base");
        Assert.Empty(read.Problems.Select(static p => p.ToString()));
        return read.Templates;
    }

    internal static string Problem(string text)
    {
        var read = ManifestReader.Read(text, "f.yaml", "/base");
        Assert.Empty(read.Templates);
        return Assert.Single(read.Problems).ToString();
    }
}
