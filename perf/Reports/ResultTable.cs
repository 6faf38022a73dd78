namespace Substrate.Perf.Reports;

/// <summary>A table of results: a heading, columns, and rows of the same number of cells.</summary>
internal sealed record ResultTable(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
