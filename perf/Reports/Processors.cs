using System.Globalization;

namespace Substrate.Perf.Reports;

/// <summary>CPU time of the whole machine since it started.</summary>
/// <param name="BusySeconds">At work, of all cores together.</param>
/// <param name="AllSeconds">At work and idle.</param>
internal readonly record struct Processors(double BusySeconds, double AllSeconds)
{
    // The unit of /proc/stat, fixed by the kernel's interface.
    private const double TicksPerSecond = 100;

    public static Processors Read()
    {
        // cpu user nice system idle iowait irq softirq steal …; guest time is in user time already.
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9]
            .Select(static field => long.Parse(field, CultureInfo.InvariantCulture))
            .ToArray();
        var (all, idle) = (ticks.Sum(), ticks[3] + ticks[4]);
        return new Processors((all - idle) / TicksPerSecond, all / TicksPerSecond);
    }
}
