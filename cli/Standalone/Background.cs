using System.Diagnostics;
using Substrate.Cli.Output;

namespace Substrate.Cli.Standalone;

/// <summary>Starts an instance that goes on when this process ends, and returns when it is ready.</summary>
internal sealed class Background(UpOptions options, Screen screen, IMachine machine, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10); // The first start may build the demo's image.
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var preflight = new Preflight(machine);
        preflight.RequireRoot("up");
        preflight.RequireAll(options);
        DataDirectory.Create(options.Data);
        var log = DataDirectory.LogOf(options.Data);
        await File.WriteAllTextAsync(log, "", cancellationToken);
        using var child = Start(log);
        var (shown, started) = (0, time.GetTimestamp());
        while (true)
        {
            shown = ShowProgress(log, shown);
            if (InstanceFile.Read(options.Data) is { Ready: true } state && state.Pid == child.Id)
            {
                screen.Say(Banner.Of(options.Ports, options.Data, options.WithDemo && Home.Find() is not null, detached: true));
                return ExitCode.Ok;
            }

            if (child.HasExited)
            {
                throw Failed(log);
            }

            if (time.GetElapsedTime(started) > Limit)
            {
                throw new CommandFailure($"not ready after {DurationText.Of(Limit)}", $"It goes on starting; its log is {log}. 'substrate down' ends it.");
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    // A session of its own, so that closing the terminal does not end it; the pid stays the same through both `exec`s.
    private Process Start(string log)
    {
        string[] command = ["/bin/sh", "-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "substrate", log, .. SelfCommand.Of(options.ToArguments())];
        return Process.Start(new ProcessStartInfo("setsid", command) { UseShellExecute = false })!;
    }

    private int ShowProgress(string log, int shown)
    {
        // Steps are indented and come before the first empty line, which begins the child's own banner.
        var lines = File.ReadAllLines(log);
        foreach (var line in lines.TakeWhile(static l => l.Length > 0 && !l.StartsWith("error: ", StringComparison.Ordinal)).Skip(shown).Where(static l => l.StartsWith("  ", StringComparison.Ordinal)))
        {
            screen.Note(line);
        }

        return lines.Length;
    }

    private static CommandFailure Failed(string log)
    {
        var lines = File.ReadAllLines(log);
        var at = Array.FindLastIndex(lines, static l => l.StartsWith("error: ", StringComparison.Ordinal));
        return at < 0
            ? new CommandFailure("it ended before it was ready", $"The whole log: {log}") { Details = string.Join('\n', lines.TakeLast(15)) }
            : new CommandFailure(lines[at]["error: ".Length..], $"{string.Join('\n', lines.Skip(at + 1).Select(static l => l.Trim()))}\nThe whole log: {log}".Trim());
    }
}
