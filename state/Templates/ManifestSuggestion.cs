namespace Substrate.State.Templates;

/// <summary>Finds the known name that a mistyped one was probably meant to be.</summary>
internal static class ManifestSuggestion
{
    private const int LongestName = 64;

    /// <summary>The closest of <paramref name="known"/>, when it is close enough to be worth mentioning.</summary>
    public static string? For(string name, IEnumerable<string> known)
    {
        if (name.Length is 0 or > LongestName)
        {
            return null;
        }

        var allowed = name.Length < 4 ? 1 : Math.Max(2, name.Length / 3);
        return known
            .Select(k => (Name: k, Distance: Distance(name.ToUpperInvariant(), k.ToUpperInvariant())))
            .Where(c => c.Distance <= allowed)
            .OrderBy(static c => c.Distance)
            .Select(static c => c.Name)
            .FirstOrDefault();
    }

    // Levenshtein distance, one row at a time.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
