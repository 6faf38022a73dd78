using System.Globalization;
using System.Text;
using YamlDotNet.RepresentationModel;

namespace Substrate.State.Templates;

/// <summary>Collects what is wrong with one text. Bounded, since the list travels in a status message.</summary>
internal sealed class ManifestProblems(string source)
{
    private const int Most = 20;
    private const int LongestValue = 80;

    private readonly List<ManifestProblem> _problems = [];

    public int Count { get; private set; }

    public IReadOnlyList<ManifestProblem> ToList()
    {
        var list = _problems.OrderBy(static p => p.Line).ToList();
        if (Count > list.Count)
        {
            list.Add(new(source, list[^1].Line, "", string.Create(CultureInfo.InvariantCulture, $"{Count - list.Count} more problems are not shown")));
        }

        return list;
    }

    public void Add(YamlNode at, string field, string problem) => Add(at.Start.Line, field, problem);

    public void Add(long line, string field, string problem)
    {
        Count++;
        if (_problems.Count < Most)
        {
            _problems.Add(new(source, line, field, problem));
        }
    }

    /// <summary>A value as messages show it: short, on one line, quoted unless it is a plain word.</summary>
    public static string Show(string value)
    {
        var text = value.Length > LongestValue ? string.Concat(value.AsSpan(0, LongestValue), "…") : value;
        if (text.Length > 0 && text.All(static c => char.IsAsciiLetterOrDigit(c) || "-_./:@%+…".Contains(c, StringComparison.Ordinal)))
        {
            return text;
        }

        var shown = new StringBuilder("\"");
        foreach (var c in text)
        {
            _ = char.IsControl(c) ? shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : shown.Append(c);
        }

        return shown.Append('"').ToString();
    }
}
