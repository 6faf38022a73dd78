using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Substrate.State.Templates;

/// <summary>What kind of value a YAML scalar is: only unquoted ones can be anything but a string.</summary>
internal static partial class ManifestScalar
{
    public static bool IsNull(YamlScalarNode node) =>
        node.Style == ScalarStyle.Plain && node.Value is null or "" or "~" or "null" or "Null" or "NULL";

    public static bool IsString(YamlScalarNode node) => node.Style != ScalarStyle.Plain || !ReadsAsOther(node.Value ?? "");

    /// <summary>True when the text would not be read as a string unless it is quoted.</summary>
    public static bool ReadsAsOther(string text) => OtherThanString().IsMatch(text);

    [GeneratedRegex(
        @"^(|~|null|Null|NULL|true|True|TRUE|false|False|FALSE|0x[0-9a-fA-F]+|0o[0-7]+|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex OtherThanString();
}
