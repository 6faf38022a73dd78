using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Substrate.Cli.Standalone;

/// <summary>Says why a role did not start, for the failures that are a matter of its surroundings.</summary>
internal static partial class StartFailures
{
    /// <summary>One line; null when the failure is unexpected and should be seen whole.</summary>
    public static string? Explains(Exception failure) => failure switch
    {
        OptionsValidationException invalid => string.Join(" ", invalid.Failures),
        IOException { InnerException: not null } when PortOf(failure) is { } port =>
            $"{port} is taken; 'ss -ltnp' shows by whom",
        SocketException or IOException or InvalidOperationException or UnauthorizedAccessException => FirstLine(failure.Message),
        AggregateException { InnerException: { } inner } => Explains(inner),
        _ when failure.GetType().Namespace?.StartsWith("Substrate.", StringComparison.Ordinal) == true => FirstLine(failure.Message),
        _ => null,
    };

    private static string? PortOf(Exception failure) => Taken().Match(failure.Message) is { Success: true } match ? match.Groups[1].Value : null;

    private static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd();

    [GeneratedRegex("address (\\S+?):? address already in use", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Taken();
}
