using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Substrate.State.Templates;

/// <summary>
/// Looks at a text's events before it becomes a tree: the tree is built and hashed by recursion, so depth and references
/// have to be bounded first.
/// </summary>
internal static class ManifestGuard
{
    /// <summary>Longest text, in characters. A template needs a few thousand.</summary>
    public const int MostCharacters = 512 * 1024;

    private const int MostDocuments = 100;
    private const int Deepest = 20;

    /// <summary>Adds what is wrong; true when the text may be read on.</summary>
    /// <exception cref="YamlException">The text is not YAML.</exception>
    public static bool Admits(string text, ManifestProblems problems)
    {
        if (text.Length > MostCharacters)
        {
            problems.Add(1, "", $"the text has {text.Length} characters; at most {MostCharacters} are read");
            return false;
        }

        var parser = new Parser(new StringReader(text));
        var (depth, documents) = (0, 0);
        while (parser.MoveNext())
        {
            var problem = parser.Current switch
            {
                DocumentStart when ++documents > MostDocuments => $"the text has more than {MostDocuments} documents",
                AnchorAlias or NodeEvent { Anchor.IsEmpty: false } => "anchors and aliases are not supported: write the value out",
                NodeEvent { Tag.IsEmpty: false } tagged => $"tag {ManifestProblems.Show(tagged.Tag.ToString())} is not supported",
                MappingStart or SequenceStart when ++depth > Deepest => $"lists and mappings are nested more than {Deepest} deep",
                _ => null,
            };
            depth -= parser.Current is MappingEnd or SequenceEnd ? 1 : 0;
            if (problem is not null)
            {
                problems.Add(parser.Current!.Start.Line, "", problem);
                return false;
            }
        }

        return true;
    }
}
