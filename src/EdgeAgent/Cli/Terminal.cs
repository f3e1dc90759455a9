using EdgeAgent.Doctor;
using Spectre.Console;

namespace EdgeAgent.Cli;

/// <summary>Tables and colour in a terminal, plain lines of the same content in a pipe.</summary>
internal static class Terminal
{
    // A pipe has no width of its own: wide enough that no table row breaks.
    private const int PipeWidth = 400;

    static Terminal()
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = PipeWidth;
            AnsiConsole.Profile.Capabilities.Ansi = false;
            AnsiConsole.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
        }
    }

    public static void Line(string text) => Console.Out.WriteLine(text);

    /// <summary>What went wrong, on standard error, red where that is a terminal.</summary>
    public static void Error(string message)
    {
        bool colour = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null;
        Console.Error.WriteLine(colour ? $"\e[31m{message}\e[0m" : message);
    }

    /// <summary>What the doctor found: green, yellow or red where that is a terminal.</summary>
    public static void Findings(IReadOnlyList<Finding> found)
    {
        var table = new Table { Border = Console.IsOutputRedirected ? TableBorder.None : TableBorder.Rounded };
        table.AddColumns("what", "which", "verdict", "found", "what to do");
        foreach (Finding finding in found)
        {
            string colour = finding.Verdict switch { Verdict.Ok => "green", Verdict.Warning => "yellow", Verdict.Failed => "red", _ => "grey" };
            table.AddRow(
                Markup.Escape(finding.Part), Markup.Escape(finding.Name), $"[{colour}]{finding.Verdict.ToString().ToLowerInvariant()}[/]",
                Markup.Escape(finding.Found), Markup.Escape(finding.Remedy));
        }
        AnsiConsole.Write(table);
    }

    /// <param name="rightAligned">Columns that hold numbers.</param>
    public static void Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows, params int[] rightAligned)
    {
        var table = new Table { Border = Console.IsOutputRedirected ? TableBorder.None : TableBorder.Rounded };
        for (int i = 0; i < header.Count; i++)
        {
            var column = new TableColumn(Markup.Escape(header[i]));
            table.AddColumn(rightAligned.Contains(i) ? column.RightAligned() : column);
        }
        foreach (IReadOnlyList<string> row in rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }
        AnsiConsole.Write(table);
    }
}
