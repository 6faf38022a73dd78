namespace Substrate.State.Actors;

/// <summary>The one rule for names of actors, atespaces, templates and namespaces: a DNS-1123 label.</summary>
public static class Names
{
    /// <summary>Longest label DNS allows, in characters.</summary>
    public const int MaxLength = 63;

    /// <summary>True when <paramref name="value"/> is 1 to 63 characters of <c>[a-z0-9-]</c> that neither starts nor ends with a hyphen.</summary>
    public static bool IsLabel(ReadOnlySpan<char> value)
    {
        if (value.Length is 0 or > MaxLength || value[0] == '-' || value[^1] == '-')
        {
            return false;
        }

        foreach (var c in value)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Says which rule <paramref name="value"/> breaks, in the words clients of the admin API compare; null when it breaks none.</summary>
    public static string? Violation(string value) =>
        value.Length > MaxLength ? "must be no more than 63 characters"
        : IsLabel(value) ? null
        : "must start and end with a lower case alphanumeric character, and consist only of lower case alphanumeric characters or '-'";
}
