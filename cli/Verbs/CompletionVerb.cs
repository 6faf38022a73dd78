using System.CommandLine;
using Substrate.Cli.Output;

namespace Substrate.Cli.Verbs;

/// <summary><c>completion</c>: scripts with which a shell asks this program what may come next.</summary>
internal static class CompletionVerb
{
    // The word typed for the command is called again, so that ./substrate completes as well as an installed substrate.
    private const string Bash = """
        # Load with: source <(substrate completion bash)
        _substrate() {
          local IFS=$'\n'
          COMPREPLY=($("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null))
        }
        complete -o default -F _substrate substrate ./substrate
        """;

    private const string Zsh = """
        #compdef substrate
        # Load with: source <(substrate completion zsh)
        _substrate() {
          local -a found
          found=("${(@f)$(${words[1]} "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
          found=(${found:#})
          if (( ${#found} )); then compadd -- $found; else _files; fi
        }
        compdef _substrate substrate ./substrate
        """;

    private const string Fish = """
        # Load with: substrate completion fish | source
        function __substrate_complete
            set -l line (commandline -cp)
            set -l tokens (commandline -opc)
            $tokens[1] "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c substrate -a '(__substrate_complete)'
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        shell.CompletionSources.Add(static _ => [new("bash"), new("fish"), new("zsh")]);
        var verb = new Verb("completion", "Print the script that completes commands in a shell")
        {
            Arguments = { shell },
            Examples = ["source <(./substrate completion bash)   # this shell; for ./substrate and substrate", "substrate completion fish | source"],
        };
        verb.SetAction(parsed => CommandTree.ScreenOf(parsed).Say(ScriptOf(parsed.GetRequiredValue(shell))));
        return verb;
    }

    private static string ScriptOf(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        _ => throw new CommandFailure($"no completion for '{shell}'", "There are scripts for bash, zsh and fish.", ExitCode.Usage),
    };
}
