using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Substrate.NodeAgent.Files;

/// <summary>Brings files and directories to the disk. The base library can flush files that it opened for writing, but no directory.</summary>
internal static class Durability
{
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;

    /// <summary>fsync of a file or directory.</summary>
    /// <exception cref="IOException">The file system cannot write it.</exception>
    public static void Flush(string path)
    {
        using var handle = Open(path);
        Check(NativeFsync(handle), path);
    }

    /// <summary>fsync of a directory and of those it is in, up to <paramref name="top"/>: names of new directories are kept there.</summary>
    /// <exception cref="IOException">The file system cannot write one of them.</exception>
    public static void FlushUpTo(string directory, string top)
    {
        for (var at = directory; at.Length >= top.Length; at = Path.GetDirectoryName(at)!)
        {
            Flush(at);
        }
    }

    /// <summary>syncfs: everything of the file system that holds <paramref name="path"/>. For trees of many files.</summary>
    /// <exception cref="IOException">The file system cannot write it.</exception>
    public static void FlushFileSystem(string path)
    {
        using var handle = Open(path);
        Check(NativeSyncfs(handle), path);
    }

    private static SafeFileHandle Open(string path)
    {
        var handle = NativeOpen(Encoding.UTF8.GetBytes(path + '\0'), ReadOnly | CloseOnExec);
        Check(handle.IsInvalid ? -1 : 0, path);
        return handle;
    }

    private static void Check(int result, string path)
    {
        if (result != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw new IOException($"{path}: {new Win32Exception(error).Message}", error);
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern SafeFileHandle NativeOpen(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeFsync(SafeFileHandle file);

    [DllImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeSyncfs(SafeFileHandle file);
}
