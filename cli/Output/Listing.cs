using Spectre.Console;

namespace Substrate.Cli.Output;

/// <summary>A table in the manner of kubectl: upper-case headings, no lines, one row per thing.</summary>
internal sealed class Listing(params string[] columns)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row; empty cells show as a dash.</summary>
    public void Add(params string[] cells) => _rows.Add([.. cells.Select(static c => c.Length == 0 ? "-" : c)]);

    /// <summary>Adds rows; empty cells show as a dash.</summary>
    public Listing Rows(IEnumerable<string[]> rows)
    {
        foreach (var row in rows)
        {
            Add(row);
        }

        return this;
    }

    public void WriteTo(Screen screen)
    {
        var table = new Table { Border = TableBorder.None, ShowRowSeparators = false };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Bold))).NoWrap().PadLeft(0).PadRight(3));
        }

        foreach (var row in _rows)
        {
            table.AddRow(row.Select(static c => new Text(c, StyleOf(c))));
        }

        if (screen.Interactive)
        {
            screen.Console.Write(table);
            return;
        }

        // Columns are padded to their width; at the end of a line that is of no use to whoever reads it from a pipe.
        using var text = new StringWriter();
        Screen.Create(text, interactive: false).Write(table);
        foreach (var line in text.ToString().TrimEnd('\n').Split('\n'))
        {
            screen.Say(line.TrimEnd());
        }
    }

    private static Style StyleOf(string cell) => cell switch
    {
        "RUNNING" or "Ready" => new Style(Color.Green),
        "RESUMING" or "SUSPENDING" or "PAUSING" or "Pending" or "Building" => new Style(Color.Yellow),
        "Failed" => new Style(Color.Red),
        "PAUSED" or "SUSPENDED" or "-" => new Style(Color.Grey),
        _ => Style.Plain,
    };
}
