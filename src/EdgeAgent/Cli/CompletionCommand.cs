using System.CommandLine;

namespace EdgeAgent.Cli;

/// <summary>
/// <c>edge-agent completion SHELL</c>: a script that lets the shell ask the agent itself (its <c>[suggest]</c> directive) what may come next.
/// Options are offered after a dash, and files where nothing else may stand.
/// </summary>
internal static class CompletionCommand
{
    private const string Bash =
        """
        _edge_agent() {
            local word=${COMP_WORDS[COMP_CWORD]} line="edge-agent${COMP_LINE:${#COMP_WORDS[0]}:COMP_POINT-${#COMP_WORDS[0]}}" found IFS=$'\n'
            found=$("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)
            [[ $word == -* ]] || found=$(grep -v '^-' <<<"$found")
            COMPREPLY=($(compgen -W "$found" -- "$word"))
        }
        complete -o default -F _edge_agent edge-agent
        """;

    private const string Zsh =
        """
        #compdef edge-agent
        _edge_agent() {
            local line="edge-agent${LBUFFER#${words[1]}}"
            local -a found
            found=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
            [[ $PREFIX == -* ]] || found=(${found:#-*})
            found=(${found:#})
            compadd -- $found || _files
        }
        compdef _edge_agent edge-agent
        """;

    private const string Fish =
        """
        function __edge_agent_words
            set -l line (commandline -cp)
            set -l found (edge-agent "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)
            string match -q -- '-*' (commandline -ct); or set found (string match -v -- '-*' $found)
            string join \n -- $found
        end
        complete -c edge-agent -n 'test -n "$(__edge_agent_words)"' -f -a '(__edge_agent_words)'
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Prints a script with which a shell completes commands, options and their words.") { shell };
        command.SetAction(result =>
        {
            Terminal.Line(result.GetRequiredValue(shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish });
            return ExitCode.Ok;
        });
        return command.WithExamples(
            """
            edge-agent completion bash > /etc/bash_completion.d/edge-agent
            source <(edge-agent completion bash)              for this terminal only; zsh the same
            edge-agent completion fish > ~/.config/fish/completions/edge-agent.fish
            """);
    }
}
