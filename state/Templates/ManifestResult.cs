namespace Substrate.State.Templates;

/// <summary>One template as a manifest describes it.</summary>
/// <param name="Key">Namespace and name.</param>
/// <param name="Spec">The validated content.</param>
/// <param name="Canonical">The same as YAML, every default written out; equal texts mean equal templates.</param>
public sealed record ManifestTemplate(TemplateKey Key, TemplateSpec Spec, string Canonical);

/// <summary>One thing wrong with a manifest.</summary>
/// <param name="Source">Name of the file or whatever the text came from.</param>
/// <param name="Line">Line, counted from 1.</param>
/// <param name="Field">Path of the field, for instance <c>spec.containers[0].image</c>; empty when it concerns the text as a whole.</param>
/// <param name="Problem">The value and the rule that it breaks.</param>
public sealed record ManifestProblem(string Source, long Line, string Field, string Problem)
{
    public override string ToString() =>
        Field.Length == 0 ? $"{Source}:{Line}: {Problem}" : $"{Source}:{Line}: {Field}: {Problem}";
}

/// <summary>What a text holds: templates, or problems. When there is a problem, no template may be used.</summary>
/// <param name="Templates">The templates in the order of the text; empty when there is a problem.</param>
/// <param name="Problems">All that is wrong, in the order of the text.</param>
public sealed record ManifestResult(IReadOnlyList<ManifestTemplate> Templates, IReadOnlyList<ManifestProblem> Problems)
{
    public bool Valid => Problems.Count == 0;
}
