using CsCheck;
using Substrate.Proxy.Routing;
using Substrate.State.Actors;

namespace Substrate.Proxy.UnitTests.Routing;

public sealed class AddressSpaceTests
{
    private static readonly AddressSpace Space = new(["actors.localhost", "example.com", "eu.example.com"]);

    private static readonly Gen<string> Label =
        Gen.String[Gen.Char["abcdefghijklmnopqrstuvwxyz0123456789-"], 1, 63].Where(static s => Names.IsLabel(s));

    [Theory]
    [InlineData("alice.demo.actors.localhost", "alice", "demo")]
    [InlineData("alice.demo.actors.localhost:8000", "alice", "demo")]
    [InlineData("alice.demo.actors.localhost.", "alice", "demo")]
    [InlineData("alice.demo.actors.localhost.:8000", "alice", "demo")]
    [InlineData("ALICE.Demo.Actors.LocalHost", "alice", "demo")]
    [InlineData("a.b.example.com", "a", "b")]
    [InlineData("a.b.eu.example.com", "a", "b")]
    public void Parse_HostBelowASuffix_NamesTheActor(string host, string actor, string atespace) =>
        Assert.Equal((AddressKind.Host, new ActorKey(atespace, actor)), Parse(host, "/x"));

    [Theory]
    [InlineData("alice.actors.localhost")]
    [InlineData("x.alice.demo.actors.localhost")]
    [InlineData(".demo.actors.localhost")]
    [InlineData("alice..actors.localhost")]
    [InlineData("-a.demo.actors.localhost")]
    [InlineData("a_b.demo.actors.localhost")]
    [InlineData("älice.demo.actors.localhost")]
    [InlineData("alice.demo..actors.localhost")]
    [InlineData(".actors.localhost")]
    public void Parse_HostBelowASuffixWithOtherLabels_IsBad(string host) =>
        Assert.Equal(AddressKind.BadHost, Parse(host, "/actors/demo/alice/").Kind);

    [Theory]
    [InlineData("localhost:8000")]
    [InlineData("actors.localhost")]
    [InlineData("xactors.localhost")]
    [InlineData("[::1]:8000")]
    [InlineData("[::1]")]
    [InlineData("10.0.0.1:80")]
    [InlineData("")]
    [InlineData(":")]
    [InlineData(".")]
    [InlineData("]")]
    public void Parse_OtherHost_LeavesItToThePath(string host)
    {
        Assert.Equal(AddressKind.None, Parse(host, "/x").Kind);
        Assert.Equal((AddressKind.Path, new ActorKey("demo", "alice")), Parse(host, "/actors/demo/alice/x"));
    }

    [Theory]
    [InlineData("8081--alice.demo.actors.localhost", "alice", 8081)]
    [InlineData("1--alice.demo.actors.localhost:80", "alice", 1)]
    [InlineData("65535--ALICE.demo.actors.localhost.", "alice", 65535)]
    [InlineData("a--b.demo.actors.localhost", "a--b", 0)]
    [InlineData("alice--8081.demo.actors.localhost", "alice--8081", 0)]
    public void Parse_HostWithAPortLabel_NamesThePort(string host, string actor, int port) =>
        Assert.Equal((AddressKind.Host, new ActorKey("demo", actor), port), ParsePort(host, "/", ""));

    [Theory]
    [InlineData("0--alice.demo.actors.localhost")]
    [InlineData("65536--alice.demo.actors.localhost")]
    [InlineData("999999--alice.demo.actors.localhost")]
    [InlineData("8081--.demo.actors.localhost")]
    [InlineData("8081--alice.actors.localhost")]
    public void Parse_HostWithABadPortLabel_IsBad(string host) => Assert.Equal(AddressKind.BadHost, Parse(host, "/").Kind);

    [Theory]
    [InlineData("demo/alice", 0)]
    [InlineData("demo/alice:8081", 8081)]
    public void Parse_Header_NamesTheActorBeforeThePathAndAfterTheHost(string header, int port)
    {
        Assert.Equal((AddressKind.Header, new ActorKey("demo", "alice"), port), ParsePort("localhost", "/actors/x/y/", header));
        Assert.Equal((AddressKind.Host, new ActorKey("d", "a"), 0), ParsePort("a.d.example.com", "/", header));
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("demo/Alice")]
    [InlineData("demo/alice/x")]
    [InlineData("demo/alice:")]
    [InlineData("demo/alice:0")]
    [InlineData("demo/alice,demo/bob")]
    public void Parse_HeaderThatNamesNone_IsBad(string header) => Assert.Equal(AddressKind.BadHeader, Parse("localhost", "/", header).Kind);

    [Theory]
    [InlineData("/actors/demo/alice", 18)]
    [InlineData("/actors/demo/alice/", 18)]
    [InlineData("/actors/demo/alice/x/y", 18)]
    public void Parse_PathForm_NamesTheActorAndItsPrefix(string path, int prefix)
    {
        Assert.Equal((AddressKind.Path, new ActorKey("demo", "alice")), Parse("localhost", path));
        Assert.Equal(prefix, ActorPath.PrefixLength(path));
    }

    [Theory]
    [InlineData("/actors/")]
    [InlineData("/actors/demo")]
    [InlineData("/actors/demo/")]
    [InlineData("/actors//alice/")]
    [InlineData("/actors/demo/Alice/")]
    [InlineData("/actors/demo/alice%2Fx")]
    [InlineData("/actors/demo/al ice")]
    public void Parse_PathFormWithOtherSegments_IsBad(string path) => Assert.Equal(AddressKind.BadPath, Parse("localhost", path).Kind);

    [Theory]
    [InlineData("/")]
    [InlineData("")]
    [InlineData("/actors")]
    [InlineData("/Actors/demo/alice")]
    [InlineData("actors/demo/alice")]
    public void Parse_OtherPath_NamesNone(string path) => Assert.Equal(AddressKind.None, Parse("localhost", path).Kind);

    [Fact]
    public void Parse_LongHost_IsBadWithoutFault() =>
        Assert.Equal(AddressKind.BadHost, Parse(new string('a', 10_000) + ".actors.localhost", "/").Kind);

    [Fact]
    public void Parse_AnyLabelsInEitherForm_AgreeOnTheActor() => Gen.Select(Label, Label, Gen.Bool).Sample((actor, atespace, upper) =>
    {
        var host = $"{actor}.{atespace}.actors.localhost";
        var key = new ActorKey(atespace, actor);
        Assert.Equal((AddressKind.Host, key), Parse(upper ? host.ToUpperInvariant() : host, "/"));
        Assert.Equal((AddressKind.Path, key), Parse("localhost", $"/actors/{atespace}/{actor}"));
    });

    [Fact]
    public void Parse_AnyText_NeverFaultsAndOnlyEverNamesLabels() =>
        Gen.Select(Hostile("actors.localhost"), Hostile("/actors/a/b")).Sample((host, path) =>
        {
            var (kind, key) = Parse(host, path);
            if (kind is AddressKind.Host or AddressKind.Path)
            {
                Assert.True(Names.IsLabel(key.Name) && Names.IsLabel(key.Atespace));
            }
        });

    [Fact]
    public void Parse_Anything_AllocatesNothing()
    {
        Measure();
        Assert.Equal(0, Measure());

        static long Measure()
        {
            Span<char> scratch = stackalloc char[AddressSpace.Scratch];
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                Space.ParseHost("8081--Alice.demo.actors.localhost:8000", scratch, out _);
                AddressSpace.ParseRest("demo/alice:8081", "/", out _);
                AddressSpace.ParseRest("", "/actors/demo/alice/", out _);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static Gen<string> Hostile(string seed) => Gen.OneOf(
        Gen.String,
        Gen.Select(Gen.String[Gen.Char["ab.:/-[]%A\0\r\n é"], 0, 200], static s => s + ".actors.localhost"),
        Gen.Select(Gen.String[Gen.Char["ab.:/-[]%A\0\r\n é"], 0, 200], s => "/actors/" + s),
        Gen.Select(Gen.Int[0, seed.Length], Gen.Char, (at, c) => seed.Insert(at, c.ToString())));

    private static (AddressKind Kind, ActorKey Key) Parse(string host, string path, string header = "")
    {
        var (kind, key, _) = ParsePort(host, path, header);
        return (kind, key);
    }

    private static (AddressKind Kind, ActorKey Key, int Port) ParsePort(string host, string path, string header)
    {
        Span<char> scratch = stackalloc char[AddressSpace.Scratch];
        var kind = Space.ParseHost(host, scratch, out var address);
        kind = kind == AddressKind.None ? AddressSpace.ParseRest(header, path, out address) : kind;
        return kind is AddressKind.Host or AddressKind.Path or AddressKind.Header ? (kind, address.ToKey(), address.Port) : (kind, default, 0);
    }
}
