using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Substrate.NodeAgent.Networks;

/// <summary>
/// The connections through one slot's gate, read from the kernel's tracking table. The file belongs to the namespace that it was
/// opened in, so one handle serves every later read from any thread.
/// </summary>
internal sealed class FlowTable : IFlowTable
{
    private const int Buffer = 64 * 1024;

    private readonly SafeFileHandle _file;

    private FlowTable(SafeFileHandle file) => _file = file;

    /// <summary>Opens the table of the network namespace at <paramref name="path"/>.</summary>
    public static FlowTable Open(string path) =>
        new(NetworkThread.Run(path, static () => File.OpenHandle("/proc/thread-self/net/nf_conntrack")));

    /// <summary>How many connections are open or opening: those that may carry a request.</summary>
    public int Open()
    {
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(Buffer);
        try
        {
            var count = 0;
            long offset = 0;
            var carried = 0;
            while (true)
            {
                var read = RandomAccess.Read(_file, buffer.AsSpan(carried), offset);
                if (read == 0)
                {
                    return count;
                }

                offset += read;
                var filled = carried + read;
                var whole = buffer.AsSpan(0, filled).LastIndexOf((byte)'\n') + 1;
                count += Count(buffer.AsSpan(0, whole));
                carried = filled - whole;
                buffer.AsSpan(whole, carried).CopyTo(buffer);
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Counts the lines of the kernel's table whose state lets data flow: everything between SYN and the last FIN.</summary>
    internal static int Count(ReadOnlySpan<byte> lines)
    {
        var count = 0;
        foreach (var range in lines.Split((byte)'\n'))
        {
            var line = lines[range];
            if (line.IndexOf("tcp"u8) >= 0
                && line.IndexOf("TIME_WAIT"u8) < 0
                && line.IndexOf(" CLOSE "u8) < 0
                && line.IndexOf("LAST_ACK"u8) < 0)
            {
                count++;
            }
        }

        return count;
    }

    /// <summary>The table as text, for diagnosis.</summary>
    public override string ToString()
    {
        var buffer = new byte[Buffer];
        return Encoding.ASCII.GetString(buffer, 0, RandomAccess.Read(_file, buffer, 0));
    }
}
