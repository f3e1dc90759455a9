using EdgeAgent.Cli;
using EdgeAgent.Tests.Egress;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Commands;

public class LogLinesTests
{
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData("tag\r\n2026-08-21T09:00:00.000Z info  Agent: forged", "tag 2026-08-21T09:00:00.000Z info  Agent: forged")]
    [InlineData("a\rb\nc", "a\\u000db c")]
    [InlineData("\u001b[2Jgone\u0007", "\\u001b[2Jgone\\u0007")]
    [InlineData("one\u2028two\u2029three\u0085four", "one\\u2028two\\u2029three\\u0085four")]
    [InlineData("right\u202eleft", "right\\u202eleft")]
    [InlineData("Grüße aus Köln, 10 % ✓", "Grüße aus Köln, 10 % ✓")]
    public void Nothing_from_outside_forges_a_line_or_moves_a_cursor(string text, string line)
    {
        string written = Write(new LogLines(_time, new LogFirewall("/state")), text);

        Assert.Equal($"2026-08-21T09:00:00.000Z warn  Room: {line}\n", written);
    }

    [Fact]
    public void A_flood_of_one_kind_is_cut_and_counted_and_other_kinds_are_not()
    {
        var lines = new LogLines(_time, new LogFirewall("/state"));

        string[] flood = [.. Enumerable.Range(1, 10_000).Select(n => Write(lines, $"Reader {n} is silent."))];

        Assert.Equal(LineRate.Most, flood.Count(line => line.Length > 0));
        Assert.NotEqual("", Write(lines, "Something else.", kind: 2));
        Assert.NotEqual("", Write(lines, "A room broke.", kind: 1, LogLevel.Critical));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.EndsWith($"Reader 1 is silent. ({10_000 - LineRate.Most} more lines of this kind were left out before it.)\n", Write(lines, "Reader 1 is silent."), StringComparison.Ordinal);
        Assert.EndsWith("Reader 2 is silent.\n", Write(lines, "Reader 2 is silent."), StringComparison.Ordinal);
    }

    private static string Write(LogLines lines, string text, int kind = 1, LogLevel level = LogLevel.Warning)
    {
        using var output = new StringWriter { NewLine = "\n" };
        lines.Write(new LogEntry<string>(level, "EdgeAgent.Some.Room", kind, text, null, (state, _) => state), null, output);
        return output.ToString();
    }
}
