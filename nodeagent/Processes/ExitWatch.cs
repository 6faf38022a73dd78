using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Substrate.NodeAgent.Processes;

/// <summary>
/// Waits for the end of processes that are not this one's children, on one thread for all of them. The kernel wakes it at each end:
/// nothing is polled.
/// </summary>
internal sealed partial class ExitWatch : IDisposable
{
    private const short Readable = 1;
    private const int CloseOnExecNonBlocking = 0x80000 | 0x800;

    private readonly TimeProvider _time;
    private readonly SafeFileHandle _changed;
    private readonly Lock _lock = new();
    private readonly List<WatchedProcess> _processes = [];
    private bool _closed;

    public ExitWatch(TimeProvider time)
    {
        _time = time;
        _changed = new SafeFileHandle(EventFd(0, CloseOnExecNonBlocking), ownsHandle: true);
        new Thread(Run) { IsBackground = true, Name = "exit watch" }.Start();
    }

    /// <summary>Watches a process; one that is gone already counts as ended now.</summary>
    public WatchedProcess Watch(int pid)
    {
        var process = new WatchedProcess(pid, PidFd.Open(pid), _time);
        if (process.Handle is null)
        {
            _ = process.EndAsync();
            return process;
        }

        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _processes.Add(process);
            Signal_NeedsLock();
        }

        return process;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (!_closed)
            {
                _closed = true;
                Signal_NeedsLock();
            }
        }
    }

    private void Run()
    {
        while (true)
        {
            WatchedProcess[] processes;
            lock (_lock)
            {
                if (_closed)
                {
                    break;
                }

                processes = [.. _processes];
            }

            var waits = new PollFd[processes.Length + 1];
            waits[0] = new PollFd((int)_changed.DangerousGetHandle(), Readable);
            for (var i = 0; i < processes.Length; i++)
            {
                waits[i + 1] = new PollFd((int)processes[i].Handle!.DangerousGetHandle(), Readable);
            }

            // Interrupted or not, what is said of each is right.
            _ = Poll(waits, (nuint)waits.Length, -1);
            ulong changes = 0;
            _ = Read(_changed, ref changes, sizeof(ulong));
            for (var i = 0; i < processes.Length; i++)
            {
                if (waits[i + 1].Happened != 0)
                {
                    End(processes[i]);
                }
            }
        }

        _changed.Dispose();
    }

    private void End(WatchedProcess process)
    {
        lock (_lock)
        {
            _processes.Remove(process);
        }

        _ = process.EndAsync();
    }

    private void Signal_NeedsLock()
    {
        ulong one = 1;
        _ = Write(_changed, ref one, sizeof(ulong));
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollFd(int descriptor, short wanted)
    {
        public int Descriptor = descriptor;
        public short Wanted = wanted;
        public short Happened;
    }

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventFd(uint value, int flags);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll([In, Out] PollFd[] descriptors, nuint count, int timeout);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(SafeFileHandle file, ref ulong value, nuint bytes);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle file, ref ulong value, nuint bytes);
}
