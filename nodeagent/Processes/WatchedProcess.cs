using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Substrate.NodeAgent.Runtime;

namespace Substrate.NodeAgent.Processes;

/// <summary>A process whose end is seen at once, although it is nobody's child here.</summary>
internal sealed class WatchedProcess(int pid, SafeFileHandle? handle, TimeProvider time) : ISandboxProcess
{
    private const int Kill9 = 9;
    private static readonly TimeSpan ReapInterval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan ReapBound = TimeSpan.FromMilliseconds(200);

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _cause = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Pid => pid;

    public Task Ended => _ended.Task;

    public Task<string> Cause => _cause.Task;

    internal SafeFileHandle? Handle => handle;

    public void Kill()
    {
        if (handle is { IsClosed: false } && !Ended.IsCompleted)
        {
            try
            {
                PidFd.Signal(handle, Kill9);
            }
            catch (ObjectDisposedException)
            {
                // It ended in the same moment.
            }
        }
    }

    /// <summary>Says that it has ended. Called once, by the watch.</summary>
    internal async Task EndAsync()
    {
        _ended.SetResult();
        _cause.SetResult(await CauseAsync());
        handle?.Dispose();
    }

    /// <summary>What the exit status of a sandbox means: the runtime passes the status of the actor's own process on as its own.</summary>
    internal static string Describe(int? status) => status switch
    {
        null => "the process exited",
        { } s when (s & 0x7f) != 0 => string.Create(CultureInfo.InvariantCulture, $"the process exited: its sandbox was ended by signal {s & 0x7f}"),
        { } s when (s >> 8 & 0xff) > 128 => string.Create(CultureInfo.InvariantCulture, $"the process exited by signal {(s >> 8 & 0xff) - 128}"),
        { } s => string.Create(CultureInfo.InvariantCulture, $"the process exited with code {s >> 8 & 0xff}"),
    };

    // The kernel tells the status once the parent, here init, has collected the process: at once, unless the machine is very busy.
    private async Task<string> CauseAsync()
    {
        if (handle is null)
        {
            return Describe(null);
        }

        var start = time.GetTimestamp();
        int? status;
        while ((status = PidFd.ExitStatus(handle)) is null && time.GetElapsedTime(start) < ReapBound)
        {
            await Task.Delay(ReapInterval, time);
        }

        return Describe(status);
    }
}
