using System.IO.Hashing;
using Substrate.Perf.Rounds;

namespace Substrate.Perf.Snapshot;

/// <summary>The machine's limit for anything that reads a file, hashes it and writes it again: just that, with the hash that snapshots have.</summary>
internal sealed class PlainCopy(string source, string work, TimeProvider time) : IContender
{
    public string Name => "copy and hash";

    public Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, double>>(new Dictionary<string, double> { ["mb_s"] = Measure() });

    private double Measure()
    {
        var target = Path.Combine(work, "copy");
        File.Delete(target);
        var start = time.GetTimestamp();
        var hash = new XxHash128();
        var buffer = new byte[1024 * 1024];
        long bytes = 0;
        using (var input = File.OpenHandle(source))
        using (var output = File.OpenHandle(target, FileMode.CreateNew, FileAccess.Write))
        {
            int read;
            while ((read = RandomAccess.Read(input, buffer, bytes)) > 0)
            {
                hash.Append(buffer.AsSpan(0, read));
                RandomAccess.Write(output, buffer.AsSpan(0, read), bytes);
                bytes += read;
            }
        }

        return bytes / 1e6 / time.GetElapsedTime(start).TotalSeconds;
    }
}
