using Substrate.NodeAgent.Images;

namespace Substrate.NodeAgent.UnitTests.Images;

public sealed class RootfsFilesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("rootfs-").FullName;

    private string Rootfs => Path.Combine(_directory, "rootfs");

    public RootfsFilesTests()
    {
        Directory.CreateDirectory(Path.Combine(Rootfs, "etc"));
        Directory.CreateDirectory(Path.Combine(Rootfs, "usr/share"));
        File.WriteAllText(Path.Combine(_directory, "secret"), "of the host");
        File.WriteAllText(Path.Combine(Rootfs, "usr/share/passwd"), "of the image");
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("/usr/share/passwd")]
    [InlineData("../usr/share/passwd")]
    [InlineData("../../../../usr/share/passwd")]
    [InlineData("/usr/./share//passwd")]
    public void ReadLines_Link_IsFollowedFromTheImagesRoot(string target)
    {
        File.CreateSymbolicLink(Path.Combine(Rootfs, "etc/passwd"), target);

        Assert.Equal(["of the image"], RootfsFiles.ReadLines(Rootfs, "etc/passwd"));
    }

    [Fact]
    public void ReadLines_LinkedDirectory_IsFollowedFromTheImagesRoot()
    {
        Directory.Delete(Path.Combine(Rootfs, "etc"));
        File.CreateSymbolicLink(Path.Combine(Rootfs, "etc"), "/usr/share");

        Assert.Equal(["of the image"], RootfsFiles.ReadLines(Rootfs, "etc/passwd"));
    }

    [Theory]
    [InlineData("../../secret")]
    [InlineData("/../secret")]
    [InlineData("passwd")]
    [InlineData("/etc")]
    public void ReadLines_LinkOutOfTheImageOrInACircle_ReadsNothing(string target)
    {
        File.CreateSymbolicLink(Path.Combine(Rootfs, "etc/passwd"), target);

        Assert.Empty(RootfsFiles.ReadLines(Rootfs, "etc/passwd"));
    }

    [Fact]
    public void ReadLines_AbsoluteLinkToTheHost_ReadsNothing()
    {
        File.CreateSymbolicLink(Path.Combine(Rootfs, "etc/passwd"), Path.Combine(_directory, "secret"));

        Assert.Empty(RootfsFiles.ReadLines(Rootfs, "etc/passwd"));
    }
}
