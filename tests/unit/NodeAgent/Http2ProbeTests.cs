using Substrate.NodeAgent.Actors;

namespace Substrate.NodeAgent.UnitTests;

public sealed class Http2ProbeTests
{
    private static readonly byte[] Settings = [0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100];

    [Fact]
    public void Answer_Status200_IsTrueInWhateverPieces()
    {
        byte[] all = [.. Settings, 0, 0, 2, 1, 4, 0, 0, 0, 1, 0x88, 0x0F];
        for (var length = 0; length < all.Length; length++)
        {
            Assert.Null(Http2Probe.Answer(all.AsSpan(0, length)));
        }

        Assert.True(Http2Probe.Answer(all));
        Assert.True(Http2Probe.Answer([.. Settings, 0, 0, 2, 1, 5, 0, 0, 0, 1, 0x20, 0x88]));
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 1, 1, 5, 0, 0, 0, 1, 0x8D })]
    [InlineData(new byte[] { 0, 0, 5, 1, 5, 0, 0, 0, 1, 0x48, 3, 0x35, 0x30, 0x33 })]
    [InlineData(new byte[] { 0, 0, 8, 7, 0, 0, 0, 0, 0 })]
    public void Answer_Other_IsFalse(byte[] frame) => Assert.False(Http2Probe.Answer([.. Settings, .. frame]));

    [Fact]
    public void Answer_OfAServerOfHttp1_IsFalse() => Assert.False(Http2Probe.Answer("HTTP/1.1 400 Bad Request\r\n\r\n"u8));

    [Theory]
    [InlineData(7, 1)]
    [InlineData(126, 1)]
    [InlineData(127, 2)]
    [InlineData(1024, 3)]
    public void Question_AnyLengthOfPath_HasItsFrameLengthRight(int path, int prefix)
    {
        var question = Http2Probe.Question("/" + new string('a', path - 1));
        var frame = question.AsSpan("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".Length + 9);
        Assert.Equal(frame.Length - 9, (frame[1] << 8) + frame[2]);
        Assert.Equal(3 + prefix + path + 1 + 1 + "actor".Length, frame.Length - 9);
    }
}
