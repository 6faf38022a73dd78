using System.Buffers.Binary;

namespace Substrate.NodeAgent.Snapshots.Packing;

/// <summary>What makes up a run of pages of a delta.</summary>
internal enum PageRun
{
    /// <summary>Pages of the base, from the page number that follows.</summary>
    Base = 0,

    /// <summary>Pages that differ in part from those of the base that would come next: the payload has the differences (exclusive or).</summary>
    Changed = 1,

    /// <summary>Pages that are in the payload.</summary>
    Literal = 2,

    /// <summary>Pages of zeros.</summary>
    Zero = 3,
}

/// <summary>
/// The frame of one block of a page delta: up to 1 MiB of the raw file. Header of four little-endian 32-bit numbers (raw bytes,
/// bytes of runs, raw bytes of the payload, packed bytes of the payload), then the runs, then the payload as one zstd frame.
/// </summary>
internal readonly record struct PageBlock(int RawBytes, int RunBytes, int PayloadBytes, int PackedBytes)
{
    public const int HeaderBytes = 16;
    public const int MostRawBytes = 1024 * 1024;

    /// <summary>A run takes at most one byte of kind and count, and five of page number, or four of count.</summary>
    public const int MostRunBytes = MostRawBytes / BasePages.PageBytes * 16;

    /// <summary>What zstd can make of a block that does not compress.</summary>
    public const int MostPackedBytes = MostRawBytes + (MostRawBytes >> 7) + 512;

    public void Write(Span<byte> header)
    {
        BinaryPrimitives.WriteInt32LittleEndian(header, RawBytes);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], RunBytes);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], PayloadBytes);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], PackedBytes);
    }

    /// <exception cref="InvalidDataException">No block has such a header.</exception>
    public static PageBlock Read(ReadOnlySpan<byte> header)
    {
        var block = new PageBlock(
            BinaryPrimitives.ReadInt32LittleEndian(header),
            BinaryPrimitives.ReadInt32LittleEndian(header[4..]),
            BinaryPrimitives.ReadInt32LittleEndian(header[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(header[12..]));
        return block is { RawBytes: > 0 and <= MostRawBytes, RunBytes: > 0 and <= MostRunBytes, PayloadBytes: >= 0 and <= MostRawBytes, PackedBytes: >= 0 and <= MostPackedBytes }
            ? block
            : throw new InvalidDataException("it has a block whose header cannot be right");
    }
}
