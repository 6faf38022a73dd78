using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Substrate.NodeAgent.Processes;

/// <summary>The kernel's handle of a process: it names that one process for ever, also when its number belongs to another by now.</summary>
internal static partial class PidFd
{
    private const int NoSuchProcess = 3;

    // Called by number, the same on every architecture: older C libraries have no names for them.
    private const int OpenCall = 434;
    private const int SignalCall = 424;

    // struct pidfd_info of its first version: mask at 0, exit status at 60, 64 bytes in all.
    private const int InfoBytes = 64;
    private const int InfoExitStatus = 60;
    private const ulong InfoExit = 1 << 3;
    private const nuint GetInfo = 0xC040FF0B;

    /// <summary>Opens a process.</summary>
    /// <returns>Null when there is none of that number.</returns>
    /// <exception cref="InvalidOperationException">The kernel refuses for another reason.</exception>
    public static SafeFileHandle? Open(int pid)
    {
        var handle = new SafeFileHandle((nint)NativeOpen(OpenCall, pid, 0), ownsHandle: true);
        if (!handle.IsInvalid)
        {
            return handle;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess ? null : throw new InvalidOperationException($"pidfd_open of process {pid} failed with error {error}");
    }

    /// <summary>Sends a signal; one that has ended gets none, and that is no error.</summary>
    public static void Signal(SafeFileHandle process, int signal) => _ = NativeSignal(SignalCall, process, signal, 0, 0);

    /// <summary>
    /// How a process ended, as wait(2) encodes it. Known once its parent has noticed, on kernels from 6.15 on; null otherwise.
    /// </summary>
    public static int? ExitStatus(SafeFileHandle process)
    {
        Span<byte> info = stackalloc byte[InfoBytes];
        info.Clear();
        MemoryMarshal.Write(info, InfoExit);
        return NativeControl(process, GetInfo, ref MemoryMarshal.GetReference(info)) == 0 && (MemoryMarshal.Read<ulong>(info) & InfoExit) != 0
            ? MemoryMarshal.Read<int>(info[InfoExitStatus..])
            : null;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long NativeOpen(long number, int pid, uint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long NativeSignal(long number, SafeFileHandle process, int signal, nint info, uint flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int NativeControl(SafeFileHandle process, nuint request, ref byte argument);
}
