using System.Globalization;
using System.Runtime.InteropServices;

namespace Substrate.Perf.Reports;

/// <summary>What a result was measured on: a number without its machine says nothing.</summary>
internal sealed record Machine(string Processor, int Cores, long MemoryBytes, string Kernel, string Distribution, string Runtime)
{
    public static Machine Here() => new(
        Field("/proc/cpuinfo", "model name", ':') ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        MemoryOf(Field("/proc/meminfo", "MemTotal", ':')),
        Environment.OSVersion.Version.ToString(),
        Field("/etc/os-release", "PRETTY_NAME", '=')?.Trim('"') ?? RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription);

    public override string ToString() => FormattableString.Invariant(
        $"{Processor}, {Cores} cores, {MemoryBytes / (double)(1 << 30):0} GiB, Linux {Kernel}, {Distribution}, {Runtime}");

    private static long MemoryOf(string? text) =>
        long.TryParse(text?.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var kibibytes) ? kibibytes * 1024 : 0;

    private static string? Field(string file, string name, char separator) => File.Exists(file)
        ? File.ReadLines(file)
            .Select(line => line.Split(separator, 2))
            .Where(parts => parts.Length == 2 && parts[0].Trim() == name)
            .Select(static parts => parts[1].Trim())
            .FirstOrDefault()
        : null;
}
