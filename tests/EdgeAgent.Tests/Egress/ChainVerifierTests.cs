using System.Text;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;

namespace EdgeAgent.Tests.Egress;

public sealed class ChainVerifierTests
{
    private static readonly HashSet<Guid> s_nothing = [];

    [Fact]
    public void A_recording_of_what_left_is_good_in_any_order_with_repeats_and_in_batches()
    {
        string[] lines =
        [
            "sst/v1/acme/s0042/b1/evt/batch [" + Line(3) + "," + Line(1) + "]", Marked(2), Line(2), Head(Chain(1, 2, 3, 4)), Line(4),
            """{"state":"ready","epoch":1,"connection":1,"at":"2026-08-21T09:00:00.000Z"}""", "",
        ];
        ChainVerdict verdict = Check(lines);
        Assert.Empty(verdict.Wrong);
        Assert.Equal(["visit, from the beginning to 1/4: 4 events, as they left."], verdict.Good);
    }

    [Fact]
    public void A_missing_event_is_named_by_its_number()
    {
        ChainVerdict verdict = Check([Line(1), Line(2), Line(4), Head(Chain(1, 2, 3, 4))]);
        string wrong = Assert.Single(verdict.Wrong);
        Assert.Contains("1 of 4 events are missing", wrong, StringComparison.Ordinal);
        Assert.EndsWith("1/3.", wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void One_changed_byte_is_found_and_a_head_more_narrows_it_down()
    {
        string changed = Line(3).Replace("\"lane\":\"Visit\"", "\"lane\":\"visit\"", StringComparison.Ordinal);
        string wrong = Assert.Single(Check([Line(1), Line(2), changed, Line(4), Head(Chain(1, 2, 3, 4))]).Wrong);
        Assert.Contains("at least one of them is not what left the box: 1/1, 1/2, 1/3, 1/4", wrong, StringComparison.Ordinal);

        ChainVerdict narrowed = Check([Line(1), Line(2), changed, Line(4), Head(Chain(1, 2)), Head(Chain(1, 2, 3)), Head(Chain(1, 2, 3, 4))]);
        Assert.Equal(["visit, from the beginning to 1/2: 2 events, as they left.", "visit, behind 1/3 to 1/4: 1 events, as they left."], narrowed.Good);
        Assert.EndsWith("not what left the box: 1/3.", Assert.Single(narrowed.Wrong), StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_that_came_twice_with_other_bytes_is_named_by_its_line()
    {
        string wrong = Assert.Single(Check([Line(1), Line(1).Replace("xx", "xy", StringComparison.Ordinal), Head(Chain(1))]).Wrong);
        Assert.StartsWith("line 2:", wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_that_somebody_made_up_is_one_too_many()
    {
        string wrong = Assert.Single(Check([Line(1), Line(2), Line(3), Head(Chain(1, 3))]).Wrong);
        Assert.Contains("the recording has 3 events and 2 left", wrong, StringComparison.Ordinal);
        Assert.Empty(Check([Line(1), Line(2), Line(3), Head(Chain(1, 3))], [Some.Id(2)]).Wrong);
    }

    [Fact]
    public void What_the_box_declared_as_let_go_may_have_come_all_the_same()
    {
        const string Gap =
            """{"specversion":"1.0","id":"019b8d9e-0000-7000-8000-000000000001","source":"/acme/s0042/b1","type":"sst.alert.gap.v1","epoch":1,"seq":9,"historical":false,"data":{"lane":"visit","epoch":1,"fromSeq":2,"toSeq":3,"count":2} }""";
        Assert.Empty(Check([Line(1), Line(3), Gap, Line(4), Head(Chain(1, 4))]).Wrong);
        Assert.Single(Check([Line(1), Line(3), Line(4), Head(Chain(1, 4))]).Wrong);
    }

    [Fact]
    public void A_recording_that_began_late_is_checked_from_its_first_head_on()
    {
        ChainVerdict verdict = Check([Head(Chain(1, 2)), Line(3), Line(4), Head(Chain(1, 2, 3, 4)), Line(5)]);
        Assert.Empty(verdict.Wrong);
        Assert.Equal(["visit, behind 1/2 to 1/4: 2 events, as they left."], verdict.Good);
        Assert.Equal(2, verdict.Unchecked.Count);
    }

    [Theory]
    [InlineData("no json at all")]
    [InlineData("{\"specversion\":\"1.0\"}")]
    [InlineData("{\"specversion\":\"1.0\",\"id\":\"x\",\"source\":1,\"type\":[],\"epoch\":{},\"seq\":null}")]
    [InlineData("[1,2,{\"specversion\":")]
    [InlineData("{\"lanes\":[{\"lane\":\"cellar\"}]}")]
    public void A_line_that_cannot_be_read_is_counted_and_the_others_go_on(string line)
    {
        var recording = new Recording();
        recording.Read([line, Line(1)]);
        Assert.Equal([1], recording.Unreadable);
        Assert.Single(recording.Events);
    }

    private static ChainVerdict Check(IEnumerable<string> lines, HashSet<Guid>? without = null)
    {
        var recording = new Recording();
        recording.Read(lines);
        return new ChainVerifier(recording, without ?? s_nothing).Check(recording.Heads);
    }

    private static string Line(long seq) => Encoding.UTF8.GetString(Some.Event(seq, padding: 4).Envelope.Span);

    private static string Marked(long seq) => Encoding.UTF8.GetString(Historical.Mark(Some.Event(seq, padding: 4).Envelope).Span);

    private static LaneHead Chain(params long[] seqs)
    {
        byte[] head = new byte[32];
        foreach (long seq in seqs)
        {
            HashChain.Extend(head, Some.Event(seq, padding: 4).Envelope.Span);
        }
        return new LaneHead(Lane.Visit, 1, 1, seqs[^1], seqs.Length, 0, head);
    }

    private static string Head(LaneHead head) =>
        Encoding.UTF8.GetString(StatusMessages.AuditHead(DateTimeOffset.UnixEpoch, [head]).Payload.Span);
}
