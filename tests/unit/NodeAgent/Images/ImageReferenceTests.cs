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

    [Theory]
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

    private static void Check(string text, string directory, string? tag, string? digest) =>
        Assert.Equal(new ImageReference(text, directory, tag, digest), ImageReference.Parse(text));
}
