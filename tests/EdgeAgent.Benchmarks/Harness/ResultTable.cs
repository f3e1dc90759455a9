using System.Globalization;
using System.Text;

namespace EdgeAgent.Benchmarks.Harness;

/// <summary>What one benchmark found, as a page that is checked in.</summary>
/// <param name="Says">One sentence: what the figures mean.</param>
/// <param name="Columns">The first is text, the others are numbers.</param>
/// <param name="Notes">How it was measured, and what was not.</param>
internal sealed record ResultTable(string Says, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, IReadOnlyList<string> Notes)
{
    /// <summary>A second table under the first, with a sentence of its own.</summary>
    public (string Says, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)? Second { get; init; }

    public static ResultTable NotRun(string why) => new($"not run: {why}", [], [], []);

    public string ToMarkdown(string name, string machine, string arguments = "")
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"# {name}\n\n{Says}\n\n    ./dev bench {name}{arguments} --write\n\n{machine}\n");
        Append(page, Columns, Rows);
        if (Second is (string says, var columns, var rows))
        {
            page.Append(CultureInfo.InvariantCulture, $"\n{says}\n");
            Append(page, columns, rows);
        }
        foreach (string note in Notes)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n* {note}");
        }
        return page.ToString().TrimEnd() + "\n";
    }

    private static void Append(StringBuilder page, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (columns.Count > 0)
        {
            page.Append('\n').Append(Line(columns)).Append(Line(columns.Select((_, i) => i == 0 ? "---" : "---:"))).AppendJoin("", rows.Select(Line));
        }
    }

    /// <summary>Three digits that count: 0.934, 41.2, 12,300.</summary>
    public static string Number(double value)
    {
        if (!double.IsFinite(value))
        {
            return "–";
        }
        double size = Math.Abs(value);
        if (size >= 1000)
        {
            double unit = Math.Pow(10, Math.Floor(Math.Log10(size)) - 2);
            return (Math.Round(value / unit) * unit).ToString("N0", CultureInfo.InvariantCulture);
        }
        return value.ToString(size >= 100 ? "0" : size >= 10 ? "0.0" : size >= 1 ? "0.00" : "0.###", CultureInfo.InvariantCulture);
    }

    public static string Ratio(double value) => double.IsFinite(value) ? value.ToString(value >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture) : "–";

    private static string Line(IEnumerable<string> cells) => "| " + string.Join(" | ", cells) + " |\n";
}
