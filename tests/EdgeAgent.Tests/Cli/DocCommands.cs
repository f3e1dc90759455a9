using System.Text.RegularExpressions;

namespace EdgeAgent.Tests.Commands;

/// <summary>How a command line of the docs is shown to work.</summary>
internal abstract record Way
{
    private Way()
    {
    }

    /// <summary>Run for real in a folder with <see cref="DocCommandsTests"/>' files.</summary>
    /// <param name="Instead">What stands for a part of the line here, for example a day that has not passed.</param>
    public sealed record Run(string? Part = null, string? Instead = null) : Way;

    /// <summary>Run for real by another test.</summary>
    public sealed record RunBy(Type Test) : Way;

    /// <summary>Only its words are checked, by the real parser.</summary>
    public sealed record Parsed(string Why) : Way;

    /// <summary>A command of the script <c>dev</c> that is not the agent's.</summary>
    public sealed record Script(string Why) : Way;
}

/// <summary>The command lines in README.md and docs/*.md.</summary>
internal static partial class DocCommands
{
    private static readonly string[] s_programs = ["edge-agent ", "./dev ", "dotnet edge-agent.dll "];

    public static IEnumerable<string> Files => Repo.Files("docs", "*.md").Where(f => !f.StartsWith("docs/decisions/", StringComparison.Ordinal)).Prepend("README.md");

    /// <summary>Whole lines in blocks of code, without what a # says behind them, and README's numbered steps.</summary>
    public static IEnumerable<string> Lines() => Files.SelectMany(Blocks).Distinct(StringComparer.Ordinal);

    /// <summary>Commands within a sentence: their words hold, even where they stand for others.</summary>
    public static IEnumerable<string> Mentioned() => Files.SelectMany(file => InlineCode().Matches(File.ReadAllText(Repo.File(file))).Select(m => m.Groups[1].Value))
        .Where(code => s_programs.Any(p => code.StartsWith(p, StringComparison.Ordinal))).Distinct(StringComparer.Ordinal);

    /// <summary>The agent's words of a line as a shell would give them; null for a command of <c>dev</c> that is not the agent's.</summary>
    public static string[]? AgentWords(string line)
    {
        string command = AgentLine(line) ?? "";
        command = Redirect().Replace(command, "");
        string[] words = [.. Words().Matches(command).Select(m => m.Value.Trim('\'').Trim('[', ']')).Where(w => w is not ("…" or "&"))];
        return words.Length == 0 ? null : words[1..];
    }

    /// <summary>The line with <c>edge-agent</c> in the place of the script that calls it.</summary>
    public static string? AgentLine(string line) =>
        line.StartsWith("./dev agent ", StringComparison.Ordinal) ? "edge-agent " + line["./dev agent ".Length..]
        : line.StartsWith("./dev run ", StringComparison.Ordinal) || line.StartsWith("./dev replay ", StringComparison.Ordinal) || line.StartsWith("./dev demo", StringComparison.Ordinal) ? "edge-agent " + line["./dev ".Length..]
        : line.StartsWith("./dev ", StringComparison.Ordinal) ? null
        : line.StartsWith("dotnet ", StringComparison.Ordinal) ? "edge-agent " + line["dotnet edge-agent.dll ".Length..]
        : line;

    private static IEnumerable<string> Blocks(string file)
    {
        bool inside = false;
        foreach (string raw in File.ReadLines(Repo.File(file)))
        {
            string line = raw.Trim();
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                inside = !inside;
            }
            else if ((inside || raw.StartsWith("    ", StringComparison.Ordinal)) && s_programs.Any(p => line.StartsWith(p, StringComparison.Ordinal)))
            {
                yield return Remark().Replace(line, "").TrimEnd();
            }
        }
    }

    [GeneratedRegex(@"\s+#\s.*$|\s{3,}\S.*$")]
    private static partial Regex Remark();

    [GeneratedRegex(@"(?<!`)`([^`\n]+)`(?!`)")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\s+(?:[<>]\s*\S+|\|.*|&)")]
    private static partial Regex Redirect();

    [GeneratedRegex(@"'[^']*'|\S+")]
    private static partial Regex Words();
}
