using Substrate.NodeAgent.Images;

namespace Substrate.NodeAgent.UnitTests.Images;

public sealed class ImageUserTests
{
    private static readonly string[] Passwd = ["root:x:0:0:root:/root:/bin/sh", "", "app:x:1000:1001::/home/app:/bin/sh", "bad:x:no:1::/:/bin/sh"];
    private static readonly string[] Group = ["root:x:0:", "app:x:1001:", "video:x:44:root,app", "audio:x:29:app", "apps:x:50:application"];

    [Theory]
    [InlineData("", 0, 0, "")]
    [InlineData("0", 0, 0, "44")]
    [InlineData("1000", 1000, 1001, "44,29")]
    [InlineData("4242", 4242, 0, "")]
    [InlineData("4242:7", 4242, 7, "")]
    [InlineData("app", 1000, 1001, "44,29")]
    [InlineData("app:video", 1000, 44, "")]
    [InlineData("app:7", 1000, 7, "")]
    [InlineData("1000:audio", 1000, 29, "")]
    [InlineData("app:", 1000, 1001, "44,29")]
    public void Resolve_User_IsResolvedAsContainerRuntimesDo(string text, uint uid, uint gid, string additional)
    {
        var user = ImageUser.Resolve(text, Passwd, Group, out var problem);

        Assert.Equal("", problem);
        Assert.Equal((uid, gid), (user!.Value.Uid, user.Value.Gid));
        Assert.Equal(text.Length == 0 ? "44" : additional, string.Join(',', user.Value.AdditionalGids));
    }

    [Theory]
    [InlineData("nobody", "'nobody'")]
    [InlineData("app:staff", "'staff'")]
    [InlineData("bad", "'bad'")]
    [InlineData("-1", "'-1'")]
    [InlineData("4294967296", "'4294967296'")]
    public void Resolve_UnknownName_SaysWhich(string text, string named)
    {
        Assert.Null(ImageUser.Resolve(text, Passwd, Group, out var problem));
        Assert.Contains(named, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_ImageWithoutPasswd_RunsAsRoot() =>
        Assert.Equal((0u, 0u), ImageUser.Resolve("", [], [], out _) is { } user ? (user.Uid, user.Gid) : default);
}
