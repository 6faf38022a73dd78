using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Substrate.NodeAgent.Commands;

/// <summary>Runs external commands as child processes; none outlives its time or its caller.</summary>
internal sealed class CommandRunner(TimeProvider time) : ICommandRunner
{
    // After the exit everything the command itself wrote is in the pipe already. Only a process it left behind keeps the pipe open.
    private static readonly TimeSpan DrainBound = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan KillBound = TimeSpan.FromSeconds(5);

    public async Task<CommandResult> RunAsync(Command command, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var process = new Process { StartInfo = StartInfo(command) };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            var reason = string.Create(CultureInfo.InvariantCulture, $"{command.File}: {e.Message}");
            return new CommandResult(CommandOutcome.NotStarted, 127, "", reason);
        }

        // Disposing a Process leaves streams that were asked for open, hence the explicit disposal.
        await using var input = process.StandardInput.BaseStream;
        await using var output = process.StandardOutput.BaseStream;
        await using var error = process.StandardError.BaseStream;
        using var reading = new CancellationTokenSource();
        var outputCapture = new OutputCapture();
        var errorCapture = new OutputCapture();
        var streams = Task.WhenAll(
            WriteInputAsync(input, command.Input, reading.Token),
            outputCapture.ReadAsync(output, reading.Token),
            errorCapture.ReadAsync(error, reading.Token));

        using var timeout = new CancellationTokenSource(command.Timeout, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        var exited = true;
        try
        {
            await process.WaitForExitAsync(ending.Token);
        }
        catch (OperationCanceledException)
        {
            exited = false;
            await KillAsync(process);
        }

        try
        {
            await streams.WaitAsync(DrainBound, time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            await reading.CancelAsync();
            await streams;
        }

        cancellation.ThrowIfCancellationRequested();
        return exited
            ? new CommandResult(CommandOutcome.Exited, process.ExitCode, outputCapture.ToString(), errorCapture.ToString())
            : TimedOut(command, outputCapture, errorCapture);
    }

    private static CommandResult TimedOut(Command command, OutputCapture output, OutputCapture error)
    {
        var reason = string.Create(
            CultureInfo.InvariantCulture, $"{command.File} was killed: it took longer than {command.Timeout.TotalSeconds:0.###} s");
        return new CommandResult(CommandOutcome.TimedOut, -1, output.ToString(), $"{error}\n{reason}");
    }

    private static ProcessStartInfo StartInfo(Command command)
    {
        var start = new ProcessStartInfo
        {
            UseShellExecute = false,
            // Always a stream of its own: a command must never read the agent's standard input or write to its terminal.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        if (command.OutputFile is null && command.ErrorFile is null)
        {
            start.FileName = command.File;
        }
        else
        {
            RedirectToFiles(start, command);
        }

        foreach (var argument in command.Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    // Process can only redirect to pipes. A constant script opens the files and becomes the command; file names and arguments are
    // its positional parameters and are never parsed. Costs under 1 ms.
    private static void RedirectToFiles(ProcessStartInfo start, Command command)
    {
        var script = (command.OutputFile, command.ErrorFile) switch
        {
            (not null, null) => "exec \"$@\" >>\"$out\"",
            (null, not null) => "exec \"$@\" 2>>\"$err\"",
            _ => "exec \"$@\" >>\"$out\" 2>>\"$err\"",
        };
        start.FileName = "/bin/sh";
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"out=$1; err=$2; shift 2; {script}{(command.Input is null ? " </dev/null" : "")}");
        start.ArgumentList.Add("sh");
        start.ArgumentList.Add(command.OutputFile ?? "");
        start.ArgumentList.Add(command.ErrorFile ?? "");
        start.ArgumentList.Add(command.File);
    }

    private static async Task WriteInputAsync(Stream stream, string? input, CancellationToken cancellation)
    {
        try
        {
            if (!string.IsNullOrEmpty(input))
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(input), cancellation);
            }

            stream.Close();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // It ended without reading all of its input; its exit code says whether that is an error.
        }
    }

    private async Task KillAsync(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(KillBound, time, CancellationToken.None);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or TimeoutException or AggregateException)
        {
            // Ended by itself in between, or is stuck in the kernel, where nothing more can be done about it.
        }
    }
}
