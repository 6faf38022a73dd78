using System.Globalization;

namespace Substrate.State.Actors;

/// <summary>
/// The form of an activation's endpoint: <c>host:port</c> for its main port, then <c> INNER=port</c> for each further port that its
/// template declares, on the same host, and for the main one too where the template leaves it to the image. All of them live and end with the activation.
/// </summary>
public static class Endpoints
{
    /// <param name="host">Where the activation is reached.</param>
    /// <param name="port">Port that stands for its main one.</param>
    /// <param name="further">Ports inside, and the ports that stand for them.</param>
    public static string Write(string host, int port, IEnumerable<(int Inner, int Outer)> further) =>
        string.Create(CultureInfo.InvariantCulture, $"{host}:{port}")
        + string.Concat(further.Select(static p => string.Create(CultureInfo.InvariantCulture, $" {p.Inner}={p.Outer}")));

    /// <summary><c>host:port</c> of the main port.</summary>
    public static ReadOnlySpan<char> Main(string endpoint) =>
        endpoint.IndexOf(' ', StringComparison.Ordinal) is >= 0 and var space ? endpoint.AsSpan(0, space) : endpoint;

    /// <summary><c>host:port</c> of each further port, by the port inside.</summary>
    /// <exception cref="FormatException">The endpoint is not of the form.</exception>
    public static IEnumerable<KeyValuePair<int, string>> Further(string endpoint)
    {
        var parts = endpoint.Split(' ');
        var host = parts[0][..(parts[0].LastIndexOf(':') + 1)];
        foreach (var part in parts.Skip(1))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            yield return KeyValuePair.Create(int.Parse(part[..Math.Max(0, equals)], CultureInfo.InvariantCulture), host + part[(equals + 1)..]);
        }
    }
}
