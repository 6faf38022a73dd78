using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Cgroups;

namespace Substrate.NodeAgent.Lease;

/// <summary>
/// A small process that freezes the node's actors when this one cannot: because it was killed and nobody started it again, or because it
/// hangs. It hears of each renewal of the lease, and acts before the lease runs out, after which others may start the same actors.
/// </summary>
internal sealed class Watchdog(IOptions<NodeOptions> options, NodePaths paths, ICgroups cgroups, ILogger<Watchdog> logger) : IDisposable
{
    /// <summary>Part of the lease after which it acts: later than the agent itself would.</summary>
    private const double After = 0.75;

    // Centiseconds throughout, on the kernel's steady clock. When the pipe ends the agent is gone; whoever holds its lock by the time that
    // the lease is nearly over is its successor, and decides for itself. An agent that comes back after a pause thaws what it may.
    private const string Script =
        """
        exec >/dev/null 2>&1
        trap '' INT TERM HUP
        limit=$1 lock=$2 file=$3 frozen=$4
        freeze() { [[ ! -e $file ]] || echo "$frozen" >"$file"; }
        heard() { read -r up _ </proc/uptime; last=${up/./}; }
        heard
        while :; do
          read -r up _ </proc/uptime
          left=$((last + limit - ${up/./}))
          ((left > 0)) || left=1
          printf -v wait '%d.%02d' $((left / 100)) $((left % 100))
          read -r -t "$wait" line
          case $? in
            0) [[ $line != bye ]] || exit 0; heard ;;
            1) sleep "$wait"; exec 9>>"$lock"; flock -n 9 && freeze; exit 0 ;;
            *) freeze; read -r line || exit 0; [[ $line != bye ]] || exit 0; heard ;;
          esac
        done
        """;

    private Process? _process;

    /// <summary>Says that the lease was renewed just now. Starts the process when it is not there.</summary>
    public void Beat()
    {
        if (cgroups.NodeFreezer is not { } freezer)
        {
            return;
        }

        if (_process is null or { HasExited: true })
        {
            Start(freezer.File, freezer.Frozen);
        }

        Say("on");
    }

    /// <summary>Ends it: there is nothing left to guard.</summary>
    public void Dispose()
    {
        Say("bye");
        _process?.Dispose();
        _process = null;
    }

    private void Start(string file, string frozen)
    {
        _process?.Dispose();
        var limit = ((long)(options.Value.Lease * After).TotalMilliseconds / 10).ToString(CultureInfo.InvariantCulture);
        _process = Process.Start(new ProcessStartInfo("setsid", ["bash", "-c", Script, $"substrate-watchdog-{options.Value.Id}", limit, paths.RunLock, file, frozen])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Log.WatchdogStarted(logger, _process.Id);
    }

    private void Say(string line)
    {
        try
        {
            _process?.StandardInput.WriteLine(line);
            _process?.StandardInput.Flush();
        }
        catch (IOException e)
        {
            // It was ended by somebody; the next renewal starts another.
            Log.WatchdogGone(logger, e.Message);
        }
    }
}
