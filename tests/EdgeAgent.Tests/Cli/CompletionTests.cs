using System.Diagnostics;

namespace EdgeAgent.Tests.Commands;

/// <summary>The printed scripts in the real shells: what they offer where somebody presses Tab.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public CompletionTests()
    {
        string program = _folder.Write("bin/edge-agent", $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "edge-agent.dll")}' \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _folder.Write("shop/store.json", "{}");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Bash_offers_commands_options_words_and_else_files()
    {
        const string Ask =
            """
            source <(edge-agent completion bash)
            [[ $(complete -p edge-agent) == *'-o default'* ]] || echo 'no files'
            while IFS= read -r line; do
                COMP_LINE=$line COMP_POINT=${#line}; read -ra COMP_WORDS <<<"$line"
                [[ $line == *' ' ]] && COMP_WORDS+=('')
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMPREPLY=()
                _edge_agent
                echo "$line: ${COMPREPLY[*]}"
            done
            """;

        string said = await RunAsync("bash", ["-c", Ask], "edge-agent con\nedge-agent config \nedge-agent run --s\nedge-agent run s\nedge-agent simulate gate --as \n");

        Assert.Equal(
            ["edge-agent con: config contract", "edge-agent config : check doc schema", "edge-agent run --s: --state", "edge-agent run s: ", "edge-agent simulate gate --as : llrp reads"],
            said.TrimEnd('\n').Split('\n'));
    }

    /// <summary>A bash with a keyboard: Tab Tab lists, Tab alone completes the name of a file.</summary>
    [ShellFact("script")]
    public async Task Bash_completes_a_file_when_tab_is_pressed()
    {
        _folder.Write("rc", "PS1='$ '\nsource <(edge-agent completion bash)\ncd shop\n");
        string said = await RunAsync("script", ["-qec", $"bash --noprofile --rcfile {_folder["rc"]} -i", "/dev/null"], "echo edge-agent run x; edge-agent config check st\t\nexit\n");

        Assert.Contains("config check store.json", said, StringComparison.Ordinal);
        Assert.Contains("$.version", said, StringComparison.Ordinal); // the command ran on the file
    }

    [ShellFact("fish")]
    public async Task Fish_offers_the_same()
    {
        const string Ask = "edge-agent completion fish | source; for line in 'edge-agent con' 'edge-agent config ' 'edge-agent run --s' 'edge-agent run sto' 'edge-agent simulate gate --as '; echo \"$line:\" (complete -C $line); end";

        string said = await RunAsync("fish", ["--no-config", "-c", Ask], "");

        Assert.Equal(
            ["edge-agent con: config contract", "edge-agent config : check doc schema", "edge-agent run --s: --state", "edge-agent run sto: store.json", "edge-agent simulate gate --as : llrp reads"],
            said.TrimEnd('\n').Split('\n'));
    }

    /// <summary>zsh completes at a keyboard only, so this one gets a keyboard.</summary>
    [ShellFact("zsh")]
    public async Task Zsh_offers_the_same()
    {
        _folder.Write(".zshrc", "PS1='$ '\nunsetopt BEEP ZLE_BRACKETED_PASTE\nautoload -Uz compinit && compinit -u -D\nsource <(edge-agent completion zsh)\n");
        string said = await RunAsync("script", ["-qec", $"env ZDOTDIR={_folder.Root} zsh -i", "/dev/null"], "edge-agent conf\t ch\t sto\t\nexit\n");

        Assert.Contains("$.version", said, StringComparison.Ordinal); // "edge-agent config check store.json" was completed, and ran
    }

    private async Task<string> RunAsync(string shell, string[] args, string input)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(shell, args) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder["shop"] },
        };
        process.StartInfo.Environment["PATH"] = $"{_folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}";
        process.StartInfo.Environment["TERM"] = "dumb";
        process.StartInfo.Environment["HOME"] = _folder.Root;
        process.Start();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(Wait.Patience, TimeProvider.System);
        string said = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return said + await error;
    }
}

/// <summary>A test that needs a shell; skipped with a sentence where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ShellFactAttribute : FactAttribute
{
    public ShellFactAttribute(string shell) =>
        Skip = new[] { "/bin/", "/usr/bin/" }.Any(folder => File.Exists(folder + shell)) ? null : $"{shell} is not installed.";
}
