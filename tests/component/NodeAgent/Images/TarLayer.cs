using System.Formats.Tar;
using System.Text;

namespace Substrate.NodeAgent.ComponentTests.Images;

/// <summary>A layer written by hand, so that it can hold what no tool would write.</summary>
internal sealed class TarLayer
{
    private readonly List<PaxTarEntry> _entries = [];

    public TarLayer File(string name, string content, int mode = 0b110_100_100, int uid = 0, int gid = 0) =>
        Add(new PaxTarEntry(TarEntryType.RegularFile, name)
        {
            DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)),
            Mode = (UnixFileMode)mode,
            Uid = uid,
            Gid = gid,
        });

    public TarLayer Folder(string name) => Add(new PaxTarEntry(TarEntryType.Directory, name) { Mode = (UnixFileMode)0b111_101_101 });

    public TarLayer Symlink(string name, string target) => Add(new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = target });

    public TarLayer Hardlink(string name, string target) => Add(new PaxTarEntry(TarEntryType.HardLink, name) { LinkName = target });

    public TarLayer Device(string name, bool block, int major, int minor) =>
        Add(new PaxTarEntry(block ? TarEntryType.BlockDevice : TarEntryType.CharacterDevice, name) { DeviceMajor = major, DeviceMinor = minor });

    public TarLayer Fifo(string name) => Add(new PaxTarEntry(TarEntryType.Fifo, name));

    public byte[] ToArray()
    {
        using var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var entry in _entries)
            {
                writer.WriteEntry(entry);
            }
        }

        return bytes.ToArray();
    }

    private TarLayer Add(PaxTarEntry entry)
    {
        _entries.Add(entry);
        return this;
    }
}
