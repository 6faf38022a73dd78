using System.Globalization;
using System.Text.RegularExpressions;
using Substrate.Perf.Commands;
using Substrate.Perf.Rounds;
using Substrate.Perf.Suites;

namespace Substrate.Perf.Proxy;

/// <summary>A load by <c>h2load</c>: closed loop, one request at a time on each connection, every answer checked for its status and length.</summary>
/// <param name="PerSecond">Answers in a second.</param>
/// <param name="P50">Median time of an answer, in milliseconds.</param>
/// <param name="P99">99th percentile, in milliseconds.</param>
/// <param name="Requests">Answers in all.</param>
internal sealed partial record H2Load(double PerSecond, double P50, double P99, long Requests)
{
    /// <exception cref="BenchException">An answer was wrong or missing.</exception>
    public static async Task<H2Load> RunAsync(ProxyCase load, int port, string host, int requests, string work, CancellationToken cancellationToken)
    {
        var (log, times) = (Path.Combine(work, "h2load.log"), Path.Combine(work, "h2load.times"));
        File.Delete(times);
        await Tool.RunAsync(
            log,
            cancellationToken,
            [
                "h2load", "-t", "1", "-m", "1", "-c", $"{load.Connections}", "-n", $"{requests}", .. load.Http2 ? Array.Empty<string>() : ["--h1"], $"--log-file={times}",
                $"--connect-to=127.0.0.1:{port}", $"http://{host}:{port}{load.Path}",
            ]);
        return Read(await File.ReadAllTextAsync(log, cancellationToken), await File.ReadAllLinesAsync(times, cancellationToken), load, requests);
    }

    /// <summary>Reads what h2load says and the times that it noted.</summary>
    internal static H2Load Read(string said, IEnumerable<string> times, ProxyCase load, int requests)
    {
        var finished = Finished().Match(said);
        var succeeded = Succeeded().Match(said);
        var data = Data().Match(said);
        if (!finished.Success || !succeeded.Success || !data.Success)
        {
            throw new BenchException("h2load said nothing that can be read") { Details = said };
        }

        var good = long.Parse(succeeded.Groups[1].Value, CultureInfo.InvariantCulture);
        var bytes = long.Parse(data.Groups[1].Value, CultureInfo.InvariantCulture);
        if (good != requests || bytes != requests * (long)(load.Large ? ProxyCase.LargeBytes : ProxyCase.SmallBytes))
        {
            throw new BenchException($"{good} of {requests} answers were good, with {bytes} bytes of content") { Details = said };
        }

        // Begin, status, microseconds.
        var samples = new Samples(times.Select(static line => double.Parse(line.Split('\t')[2], CultureInfo.InvariantCulture) / 1000));
        return new(double.Parse(finished.Groups[1].Value, CultureInfo.InvariantCulture), samples.Percentile(50), samples.Percentile(99), good);
    }

    [GeneratedRegex(@"finished in [^,]+, ([0-9.]+) req/s")]
    private static partial Regex Finished();

    [GeneratedRegex(@"status codes: ([0-9]+) 2xx")]
    private static partial Regex Succeeded();

    [GeneratedRegex(@"\(([0-9]+)\) data")]
    private static partial Regex Data();
}
