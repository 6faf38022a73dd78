using System.Globalization;

namespace Substrate.Perf.Installations;

/// <summary>One reading of <c>/metrics</c>.</summary>
internal sealed class MetricsPage
{
    private readonly Dictionary<string, double> _values = [];

    /// <param name="text">Prometheus' text format.</param>
    public MetricsPage(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            var space = line.LastIndexOf(' ');
            if (space > 0 && line[0] != '#' && double.TryParse(line.AsSpan(space + 1), CultureInfo.InvariantCulture, out var value))
            {
                _values[line[..space]] = value;
            }
        }
    }

    /// <summary>The sum over all series of that name whose labels contain the text; 0 when there is none.</summary>
    /// <param name="name">Full name of the metric.</param>
    /// <param name="label">For instance <c>outcome="done"</c>; empty for all.</param>
    public double Sum(string name, string label = "") => _values
        .Where(v => (v.Key == name || v.Key.StartsWith(name + "{", StringComparison.Ordinal)) && v.Key.Contains(label, StringComparison.Ordinal))
        .Sum(static v => v.Value);

    public static async Task<MetricsPage> ReadAsync(HttpClient http, Uri ops, CancellationToken cancellationToken) =>
        new(await http.GetStringAsync(new Uri(ops, "/metrics"), cancellationToken));
}
