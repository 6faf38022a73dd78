using Substrate.NodeAgent.Images;

namespace Substrate.NodeAgent.UnitTests.Images;

public sealed class ImageReferenceTests
{
    private static readonly string Digest = "sha256:" + new string('a', 64);

    [Fact]
    public void Parse_DirectoryOnly_HasNoTag() => Check("oci:/images/counter", "/images/counter", null, null);

    [Fact]
    public void Parse_Tag_FollowsTheFirstColon() => Check("oci:/images/counter:example.org/x:1", "/images/counter", "example.org/x:1", null);

    [Fact]
    public void Parse_Digest_IsTakenOff() => Check($"oci:/images/counter@{Digest}", "/images/counter", null, Digest);

    [Fact]
    public void Parse_TagAndDigest_AreBothTaken() => Check($"oci:/images/counter:v1@{Digest}", "/images/counter", "v1", Digest);

    [Fact]
    public void Parse_Archive_IsAFile() => Check("oci-archive:/x/image.tar:v1", "/x/image.tar", "v1", null, ImageKind.Archive);

    [Fact]
    public void Parse_Registry_HasHostAndRepository()
    {
        Check("docker://example.org:5000/a/b:v1", "example.org:5000/a/b", "v1", null, ImageKind.Registry);
        Check($"docker://[::1]:5000/a:v1@{Digest}", "[::1]:5000/a", "v1", Digest, ImageKind.Registry);
        Assert.Equal("[::1]:5000", ImageReference.Parse($"docker://[::1]:5000/a@{Digest}").Host);
    }

    [Theory]
    [InlineData("localhost:5000", true)]
    [InlineData("127.8.0.1", true)]
    [InlineData("[::1]:5000", true)]
    [InlineData("localhost.example.org", false)]
    [InlineData("10.0.0.1:5000", false)]
    [InlineData("[2001:db8::1]", false)]
    [InlineData("127.0.0.1.example.org:80", false)]
    public void IsLoopback_Host_DecidesWhetherTlsMayBeLeftOut(string host, bool loopback) => Assert.Equal(loopback, Registry.IsLoopback(host));

    [Theory]
    [InlineData("docker://a/b")]
    [InlineData("docker://a:v1")]
    [InlineData("")]
    [InlineData("oci:")]
    [InlineData("oci::v1")]
    [InlineData("oci:/x:")]
    [InlineData("oci:/x@sha256:abc")]
    [InlineData("oci:/x@sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("docker.io/library/nginx:latest")]
    public void Parse_OtherForm_SaysWhichFormIsWanted(string text)
    {
        var error = Assert.Throws<ImageException>(() => ImageReference.Parse(text));

        Assert.Contains($"'{text}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(text.Contains('@', StringComparison.Ordinal) ? "sha256:" : "oci:DIRECTORY", error.Message, StringComparison.Ordinal);
    }

    private static void Check(string text, string location, string? tag, string? digest, ImageKind kind = ImageKind.Layout) =>
        Assert.Equal(new ImageReference(text, kind, location, tag, digest), ImageReference.Parse(text));
}
