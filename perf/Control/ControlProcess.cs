using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Substrate.Perf.Control;

/// <summary>One process of the control plane under measurement, and the CPU that it has used.</summary>
internal sealed class ControlProcess : IAsyncDisposable
{
    private const int TicksPerSecond = 100;
    private const int KeptLines = 20;

    private readonly Process _process;
    private readonly Queue<string> _said = new();

    private ControlProcess(string name, IReadOnlyList<string> command)
    {
        Name = name;
        _process = new Process { StartInfo = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true } };
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name { get; }

    public bool Alive => !_process.HasExited;

    /// <summary>CPU time so far, of user and kernel.</summary>
    public TimeSpan Cpu => CpuOf(_process.Id);

    /// <summary>CPU time of this very process.</summary>
    public static TimeSpan OwnCpu => CpuOf(Environment.ProcessId);

    /// <summary>The last lines that it wrote.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return string.Join('\n', _said);
            }
        }
    }

    public static ControlProcess Start(string name, params string[] command) => new(name, command);

    /// <summary>Runs one role of this program: <c>run ROLE</c>.</summary>
    public static ControlProcess Role(string name, string role, IEnumerable<(string Key, string Value)> settings)
    {
        var host = Environment.ProcessPath!;
        string[] self = Path.GetFileNameWithoutExtension(host) == "dotnet" ? [host, Assembly.GetEntryAssembly()!.Location] : [host];
        return new(name, [.. self, "run", role, .. settings.Select(static s => $"--{s.Key}={s.Value}")]);
    }

    /// <summary>Ends it at once, as a crash would.</summary>
    public async Task KillAsync()
    {
        if (Alive)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { } text)
        {
            lock (_said)
            {
                _said.Enqueue(text);
                if (_said.Count > KeptLines)
                {
                    _said.Dequeue();
                }
            }
        }
    }

    // The fields behind the name in parentheses, which may itself hold anything.
    private static TimeSpan CpuOf(int pid)
    {
        var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"), Encoding.UTF8);
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
    }
}
