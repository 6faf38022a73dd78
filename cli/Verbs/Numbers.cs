using System.CommandLine;

namespace Substrate.Cli.Verbs;

/// <summary>Options whose value is a whole number within bounds.</summary>
internal static class Numbers
{
    public static Option<int> Option(string name, string description, int otherwise, int least, int most)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, out var number) || number < least || number > most))
            {
                result.AddError($"{name} '{result.Tokens[0].Value}': it is a number from {least} to {most}");
            }
        });
        return option;
    }
}
