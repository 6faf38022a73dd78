namespace Substrate.State.Actors;

/// <summary>The rule for custom domains: a DNS name of at least two labels, in lower case and without the dot at its end.</summary>
public static class DomainName
{
    /// <summary>Longest name DNS allows, in characters.</summary>
    public const int MaxLength = 253;

    public static bool IsDomain(ReadOnlySpan<char> value)
    {
        if (value.Length > MaxLength)
        {
            return false;
        }

        var (labels, numeric) = (0, false);
        foreach (var range in value.Split('.'))
        {
            var label = value[range];
            if (!Names.IsLabel(label))
            {
                return false;
            }

            (labels, numeric) = (labels + 1, !label.ContainsAnyExceptInRange('0', '9'));
        }

        // No top-level domain is a number, so that no address is taken for a name.
        return labels >= 2 && !numeric;
    }

    /// <summary>Says which rule <paramref name="value"/> breaks; null when it breaks none.</summary>
    public static string? Violation(string value) => IsDomain(value)
        ? null
        : "must be a lower case DNS name of at least two labels, such as agent.example.com";
}
