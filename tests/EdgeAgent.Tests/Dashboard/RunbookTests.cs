using EdgeAgent.Core;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Dashboard;

namespace EdgeAgent.Tests.Dashboard;

/// <summary>docs/runbook.md has a line for everything that can go wrong, and the page says the same.</summary>
public class RunbookTests
{
    private static readonly string[] s_lines = [.. File.ReadLines(Repo.File("docs/runbook.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal))];

    public static TheoryData<string> Messages => [.. LogCounts.Known().Select(k => k.Name)];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Every_warning_and_error_of_the_log_has_one_line(string message)
    {
        string[] cells = Cells(Assert.Single(s_lines, line => line.StartsWith($"| `{message}` |", StringComparison.Ordinal)));
        Assert.Equal(4, cells.Length);
        Assert.Equal(LogCounts.Known().First(k => k.Name == message).Level.ToString().ToLowerInvariant(), cells[1]);
        Assert.All(cells[2..], cell => Assert.True(cell.Length > 15 && cell.EndsWith('.'), $"{message}: \"{cell}\" is no sentence."));
    }

    [Fact]
    public void No_line_is_about_a_message_that_is_not_there()
    {
        HashSet<string> known = [.. LogCounts.Known().Select(k => k.Name)];
        Assert.All(s_lines.Where(line => line.Contains('.', StringComparison.Ordinal) && line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]).Where(name => name.Contains('.', StringComparison.Ordinal)),
            name => Assert.Contains(name, known));
    }

    [Fact]
    public void Every_word_of_the_closed_lists_has_its_remedy_on_the_page_and_in_the_runbook()
    {
        AssertAll("sensor", Enum.GetNames<SensorReason>().Where(n => n != nameof(SensorReason.None)));
        AssertAll("hold", Enum.GetNames<HoldReason>());
        AssertAll("degraded", Enum.GetNames<DegradedReason>());
        AssertAll("storage", Enum.GetNames<StorageTrouble>());
        AssertAll("certificate", Enum.GetNames<CertificateProblem>());
        AssertAll("clone", Enum.GetNames<RivalEvidence>());
        AssertAll("events", ["Shed", "Refused"]);
        AssertAll("cabinet", ["DoorOpen"]);
    }

    private static void AssertAll(string list, IEnumerable<string> words)
    {
        Assert.Equal(words.Order(StringComparer.Ordinal), Remedies.All.Where(r => r.List == list).Select(r => r.Word).Order(StringComparer.Ordinal));
        Assert.All(Remedies.All.Where(r => r.List == list), remedy =>
        {
            string word = System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(remedy.Word);
            string line = Assert.Single(s_lines, l => l.StartsWith($"| {list} | `{word}` |", StringComparison.Ordinal));
            Assert.Contains(remedy.Sentence, line, StringComparison.Ordinal);
        });
    }

    private static string[] Cells(string line) => [.. line.Trim('|', ' ').Split(" | ").Select(cell => cell.Trim())];
}
