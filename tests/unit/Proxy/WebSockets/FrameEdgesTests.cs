using System.Buffers.Binary;
using CsCheck;
using Substrate.Proxy.WebSockets;

namespace Substrate.Proxy.UnitTests.WebSockets;

public sealed class FrameEdgesTests
{
    private static readonly Gen<(int Length, bool Masked)[]> Frames =
        Gen.Select(Gen.OneOf(Gen.Int[0, 130], Gen.Int[65_530, 65_540]), Gen.Bool).Array[1, 6];

    [Fact]
    public void Advance_AnyFramesInAnyPieces_FindsEveryEdgeAndNoOther() => Gen.Select(Frames, Gen.Int[1, 40_000]).Sample((frames, piece) =>
    {
        var bytes = new List<byte>();
        var edges = new HashSet<int>();
        foreach (var (length, masked) in frames)
        {
            bytes.AddRange(Frame(length, masked));
            edges.Add(bytes.Count);
        }

        var follower = new FrameEdges();
        Assert.True(follower.AtEdge);
        var (stream, at) = (bytes.ToArray(), 0);
        while (at < stream.Length)
        {
            at += follower.Advance(stream.AsSpan(at, Math.Min(piece, stream.Length - at)), toEdge: true);
            Assert.Equal(edges.Contains(at), follower.AtEdge);
        }
    });

    [Fact]
    public void Advance_NotToEdge_TakesEverything()
    {
        var follower = new FrameEdges();
        byte[] two = [.. Frame(5, false), .. Frame(200, true)];
        Assert.Equal(two.Length, follower.Advance(two, toEdge: false));
        Assert.True(follower.AtEdge);
    }

    private static byte[] Frame(int length, bool masked)
    {
        var mask = (byte)(masked ? 0x80 : 0);
        byte[] head = length switch
        {
            < 126 => [0x82, (byte)(mask | length)],
            <= ushort.MaxValue => [0x82, (byte)(mask | 126), (byte)(length >> 8), (byte)length],
            _ => [0x82, (byte)(mask | 127), .. BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness((ulong)length))],
        };
        return [.. head, .. new byte[masked ? 4 : 0], .. new byte[length]];
    }
}
