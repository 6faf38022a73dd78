using System.Buffers.Text;

namespace Substrate.Demos.Counter;

/// <summary>One count in memory and one in a file, which only differ when one of the two was lost.</summary>
internal sealed class Tally : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _file;
    private long _memory;

    public Tally(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
    }

    /// <summary>Adds one to both counts. The file is read first each time: its count comes from the file system, not from memory.</summary>
    public (long Memory, long File) Increment()
    {
        lock (_lock)
        {
            var file = ReadFile_NeedsLock() + 1;
            WriteFile_NeedsLock(file);
            return (++_memory, file);
        }
    }

    private long ReadFile_NeedsLock()
    {
        Span<byte> text = stackalloc byte[20];
        var length = RandomAccess.Read(_file.SafeFileHandle, text, fileOffset: 0);
        return Utf8Parser.TryParse(text[..length], out long count, out _) ? count : 0;
    }

    // A count never gets shorter, so one write at the start replaces it whole.
    private void WriteFile_NeedsLock(long count)
    {
        Span<byte> text = stackalloc byte[20];
        Utf8Formatter.TryFormat(count, text, out var length);
        RandomAccess.Write(_file.SafeFileHandle, text[..length], fileOffset: 0);
    }

    public void Dispose() => _file.Dispose();
}
