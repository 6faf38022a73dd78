using System.Text.RegularExpressions;

namespace Substrate.State.Nodes;

/// <summary>The rules of Kubernetes for label keys and values, in its own words, which clients of the admin API compare.</summary>
public static partial class Labels
{
    private const int LongestPart = 63;
    private const int LongestPrefix = 253;

    private const string NameRule =
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
        "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private const string PrefixRule =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character " +
        "(e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private const string ValueRule =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
        "(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    /// <summary>Says which rule a label key breaks; null when it breaks none.</summary>
    public static string? KeyViolation(string key)
    {
        var parts = key.Split('/');
        if (parts.Length > 2)
        {
            return $"a qualified name {NameRule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
        }

        return parts.Length == 2 && PrefixViolation(parts[0]) is { } prefix
            ? $"prefix part {prefix}"
            : NameViolation(parts[^1]) is { } name ? $"name part {name}" : null;
    }

    /// <summary>Says which rule a label value breaks; null when it breaks none.</summary>
    public static string? ValueViolation(string value) =>
        value.Length > LongestPart ? "must be no more than 63 characters" : value.Length == 0 || Name().IsMatch(value) ? null : ValueRule;

    private static string? NameViolation(string name) =>
        name.Length == 0 ? "must be non-empty" : name.Length > LongestPart ? "must be no more than 63 characters" : Name().IsMatch(name) ? null : NameRule;

    private static string? PrefixViolation(string prefix) =>
        prefix.Length == 0 ? "must be non-empty" : prefix.Length > LongestPrefix ? "must be no more than 253 characters" : Prefix().IsMatch(prefix) ? null : PrefixRule;

    [GeneratedRegex(@"^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Prefix();
}
