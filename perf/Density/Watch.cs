using System.Globalization;
using Substrate.Perf.Installations;

namespace Substrate.Perf.Density;

/// <summary>Looks at the machine and at the node's metrics once a second while a load goes on.</summary>
internal sealed class Watch(IInstallation installation, long availableBefore, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly List<double> _live = [];
    private long _leastAvailable = long.MaxValue;

    public double MemoryBytes => Math.Max(0, availableBefore - _leastAvailable);

    public double LiveActors => _live.Count == 0 ? 0 : _live.Average();

    /// <summary>Bytes that the machine could still give to processes.</summary>
    public static long Available() => File.ReadLines("/proc/meminfo")
        .Where(static line => line.StartsWith("MemAvailable:", StringComparison.Ordinal))
        .Select(static line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024)
        .First();

    /// <summary>Watches until cancelled.</summary>
    public async Task RunAsync(CancellationToken over)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        try
        {
            while (true)
            {
                _leastAvailable = Math.Min(_leastAvailable, Available());
                _live.Add((await MetricsPage.ReadAsync(http, installation.Ops, over)).Sum("substrate_node_slots", "state=\"active\""));
                await Task.Delay(Interval, time, over);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The load has ended.
        }
    }
}
