using System.CommandLine;
using Google.Protobuf;
using Substrate.Cli.Output;

namespace Substrate.Cli.Verbs;

/// <summary>Writes what a verb answers.</summary>
internal static class Results
{
    /// <summary>One message: a sentence for people, the message itself for scripts.</summary>
    public static void Show(ParseResult parsed, IMessage message, OutputFormat format, string sentence) =>
        CommandTree.ScreenOf(parsed).Say(format == OutputFormat.Table ? sentence : MessageText.Of(message, format));

    /// <summary>A table for people, which says so when it is empty; the message for scripts.</summary>
    public static void Show(ParseResult parsed, IMessage message, OutputFormat format, int count, string nothing, Func<Listing> table)
    {
        var screen = CommandTree.ScreenOf(parsed);
        if (format != OutputFormat.Table)
        {
            screen.Say(MessageText.Of(message, format));
        }
        else if (count == 0)
        {
            screen.Note(nothing);
        }
        else
        {
            table().WriteTo(screen);
        }
    }
}
