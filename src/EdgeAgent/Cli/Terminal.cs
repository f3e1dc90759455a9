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
        }
    }

    public static void Line(string text) => Console.Out.WriteLine(text);

    /// <summary>What went wrong, on standard error, red where that is a terminal.</summary>
    public static void Error(string message)
    {
        bool colour = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null;
        Console.Error.WriteLine(colour ? $"\e[31m{message}\e[0m" : message);
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
