using System.Runtime.InteropServices;
using Substrate.Cli.Output;

namespace Substrate.Cli.Standalone;

/// <summary>Asks a running instance to stop and waits until it is gone.</summary>
internal sealed partial class Shutdown(Screen screen, TimeProvider time)
{
    private const int Sigterm = 15;
    private const int NotPermitted = 1;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Returns when the instance of a directory is gone, also when there was none.</summary>
    /// <exception cref="CommandFailure">It may not be stopped, or did not end in time.</exception>
    public async Task RunAsync(string directory, CancellationToken cancellationToken)
    {
        // The lock says whether it runs; a file that a killed one left behind may name somebody else's process by now.
        if (!DataDirectory.IsHeld(directory))
        {
            screen.Say($"Nothing runs in {directory}.");
            return;
        }

        var running = InstanceFile.Read(directory)
            ?? throw new CommandFailure($"{directory} is in use, but it does not say by which process", "It is starting or just ending: try again in a moment.");
        if (Kill(running.Pid, Sigterm) != 0 && Marshal.GetLastPInvokeError() == NotPermitted)
        {
            throw new CommandFailure($"process {running.Pid} belongs to another user", "Run it as 'sudo substrate down'.");
        }

        var started = time.GetTimestamp();
        for (var told = TimeSpan.Zero; DataDirectory.IsHeld(directory);)
        {
            var waited = time.GetElapsedTime(started);
            if (waited > Limit)
            {
                throw new CommandFailure(
                    $"process {running.Pid} is still there after {DurationText.Of(Limit)}",
                    $"'kill -9 {running.Pid}' ends it at once; the next 'up' cleans up and recovers.");
            }

            if (waited - told > Patience)
            {
                told = waited;
                screen.Note($"  suspending running actors ({DurationText.Of(waited)})");
            }

            await Task.Delay(Poll, time, cancellationToken);
        }

        screen.Say($"Substrate is down (process {running.Pid}, {DurationText.Of(time.GetElapsedTime(started))}). Actors and their state are kept in {directory}.");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
