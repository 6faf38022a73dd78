using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Substrate.Cli.Verbs;

/// <summary>The library's help, followed by the verb's notes and examples.</summary>
internal sealed class HelpWithExamples(HelpAction inner) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var result = inner.Invoke(parseResult);
        if (parseResult.CommandResult.Command is Verb verb)
        {
            var output = parseResult.InvocationConfiguration.Output;
            if (verb.Notes.Length > 0)
            {
                output.WriteLine(verb.Notes.Trim());
                output.WriteLine();
            }

            if (verb.Examples.Count > 0)
            {
                output.WriteLine("Examples:");
                foreach (var example in verb.Examples)
                {
                    output.WriteLine($"  {example}");
                }

                output.WriteLine();
            }
        }

        return result;
    }
}
