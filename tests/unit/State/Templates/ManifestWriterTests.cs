using System.Collections.Immutable;
using CsCheck;
using Substrate.State.Templates;

namespace Substrate.State.UnitTests.Templates;

public sealed class ManifestWriterTests
{
    private static readonly Gen<string> Word = Gen.OneOf(
        Gen.Const("true"), Gen.Const("null"), Gen.Const("1e5"), Gen.Const("a: b # c"), Gen.Const(" lead"), Gen.Const("line\nbreak"), Gen.Const("- x"), Gen.Const(""), Gen.Const("\t"),
        Gen.Char[' ', '~'].Array[0, 12].Select(static c => new string(c)));

    private static readonly Gen<TemplateSpec> Specs =
        from command in Word.Array[0, 4]
        from env in Word.Array[0, 4]
        from port in Gen.Int[1, 65535]
        from probed in Gen.Bool
        from memory in Gen.Long[16L << 20, 1L << 40]
        from cpu in Gen.Int[0, 1000]
        from pause in Gen.Long[0, 100_000_000]
        from suspend in Gen.Int[0, 1000]
        from streams in Gen.OneOf(Gen.Const(IdlePolicy.Always), Gen.Long[0, 100_000_000].Select(static ms => TimeSpan.FromMilliseconds(ms)))
        from requests in Gen.Bool
        from ports in Gen.Int[1, 65535].HashSet[0, 4]
        from h2c in Gen.Bool
        from request in Gen.Int[0, 3_600_000]
        select new TemplateSpec
        {
            Container = new()
            {
                Name = "c",
                Image = "oci:/some dir/image:tag",
                Command = [.. command],
                Env = [.. env.Select(static (value, i) => $"V{i}={value}")],
                Port = probed ? port : 80,
                Ports = [.. ports.Where(p => p != (probed ? port : 80)).Order()],
                Protocol = h2c ? ActorProtocol.H2c : ActorProtocol.Http1,
                ReadyPath = probed ? "/up" : null,
            },
            Resources = new() { MemoryBytes = memory, CpuMillis = cpu, RequestedMemoryBytes = requests ? memory : 0, RequestedCpuMillis = requests ? cpu : 0 },
            Idle = new()
            {
                FreezeAfter = TimeSpan.FromMilliseconds(pause / 2),
                PauseAfter = TimeSpan.FromMilliseconds(pause),
                SuspendAfter = TimeSpan.FromHours(suspend),
                OpenStreams = streams,
            },
            Timeouts = new() { Request = TimeSpan.FromMilliseconds(request), Connect = TimeSpan.FromSeconds(suspend) },
            NodeSelector = ImmutableSortedDictionary<string, string>.Empty.Add("a", "1").Add("b", ""),
        };

    [Fact]
    public void Write_AnySpec_ReadsBackAsItself() => Specs.Sample(
        static spec =>
        {
            var key = new TemplateKey("demo", "x");
            var text = ManifestWriter.Write(key, spec);
            var read = ManifestReader.Read(text, "f.yaml", "");
            Assert.Empty(read.Problems.Select(static p => p.ToString()));
            var back = Assert.Single(read.Templates);
            Assert.Equal(key, back.Key);
            Assert.Equal(spec.Container.Command, back.Spec.Container.Command);
            Assert.Equal(spec.Container.Env, back.Spec.Container.Env);
            Assert.Equal(spec.Resources, back.Spec.Resources);
            Assert.Equal(spec.Idle, back.Spec.Idle);
            Assert.Equal(spec.Timeouts, back.Spec.Timeouts);
            Assert.Equal(spec.Container.Ports, back.Spec.Container.Ports);
            Assert.Equal(spec.Container.Protocol, back.Spec.Container.Protocol);
            Assert.Equal(spec.NodeSelector, back.Spec.NodeSelector);
            Assert.Equal(text, back.Canonical);
        },
        iter: 500);

    [Fact]
    public void First_EqualManifests_IsNull() => Assert.Null(ManifestDifference.First(Canonical("      command: [a]\n"), Canonical("      command: ['a']\n")));

    [Theory]
    [InlineData("command: [a]", "command: [a, b]", "spec.containers[0].command[1]")]
    [InlineData("command: [a, b]", "command: [a]", "spec.containers[0].command[1]")]
    [InlineData("readyz: {httpGet: {port: 80}}", "readyz: {httpGet: {port: 81}}", "spec.containers[0].readyz.httpGet.port")]
    public void First_DifferentManifests_NamesTheField(string before, string after, string field) =>
        Assert.Equal(field, ManifestDifference.First(Canonical($"      {before}\n"), Canonical($"      {after}\n")));

    private static string Canonical(string line) => Assert.Single(ManifestReaderTests.Good(ManifestReaderTests.Box + line)).Canonical;
}
