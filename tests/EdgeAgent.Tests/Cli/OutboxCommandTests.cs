using System.Text;
using EdgeAgent.Cli;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using EdgeAgent.Tests.Egress;

namespace EdgeAgent.Tests.Commands;

public sealed class OutboxCommandTests : IDisposable
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private readonly TestFolder _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task A_running_agents_outbox_is_shown_and_only_a_stopped_ones_dead_letters_are_tried_again()
    {
        await using (Outbox outbox = Some.Outbox(_state["outbox.db"]))
        {
            await outbox.AppendAsync([Some.Event(1), Some.Event(2), Some.Settlement(3, "key-three"), Some.Event(4)], s_none);
            await outbox.MarkDeadAsync([outbox.ReadWaiting(Lane.Visit, 0, 1)[0]], DeadLetterReason.NotAuthorized, s_none);
            await outbox.MarkAckedAsync(outbox.ReadWaiting(Lane.Settlement, 0, 1), s_none);

            Ended status = await EdgeAgentProcess.RunAsync("outbox", "status", _state.Root);
            status.AssertOk();
            Assert.Matches(@"settlement +0 +- +0 +1 +0 +1 +[0-9a-f]{64} +1/3", status.Out);
            Assert.Matches(@"visit +2 +\d+ s +1 +0 +0 +0 +0{64}", status.Out);

            Ended dead = await EdgeAgentProcess.RunAsync("outbox", "dead", _state.Root);
            dead.AssertOk();
            Assert.Matches($@"visit +1/1 +{Some.Id(1)} +evt/visit/ended +not-authorized", dead.Out);

            Ended show = await EdgeAgentProcess.RunAsync("outbox", "show", _state.Root, "key-three");
            show.AssertOk();
            Assert.Equal(Encoding.UTF8.GetString(Some.Event(3, Lane.Settlement).Envelope.Span), show.Out.TrimEnd());
            Assert.Contains("kept until the application names it", show.Error, StringComparison.Ordinal);

            (await EdgeAgentProcess.RunAsync("outbox", "retry", _state.Root, "--all")).AssertFailed(ExitCode.Outbox, "in use by another edge-agent");
        }
        Ended retry = await EdgeAgentProcess.RunAsync("outbox", "retry", _state.Root, "--all");
        retry.AssertOk();
        Assert.Equal(Some.Id(1).ToString(), retry.Out.TrimEnd());
        await using Outbox after = Some.Outbox(_state["outbox.db"]);
        Assert.Equal([1L, 2L, 4L], after.ReadWaiting(Lane.Visit, 0, 10).Select(e => e.Seq));
    }

    [Fact]
    public async Task A_recording_is_checked_against_the_head_and_what_is_missing_is_named()
    {
        await using (Outbox outbox = Some.Outbox(_state["outbox.db"]))
        {
            await outbox.AppendAsync([Some.Event(1), Some.Event(2), Some.Event(3)], s_none);
            await outbox.MarkAckedAsync(outbox.ReadWaiting(Lane.Visit, 0, 10), s_none);
            await File.WriteAllBytesAsync(_state["head.json"], StatusMessages.AuditHead(DateTimeOffset.UnixEpoch, outbox.Heads()).Payload.ToArray());
        }
        string[] lines = [.. new[] { 1, 2, 3 }.Select(seq => Encoding.UTF8.GetString(Some.Event(seq).Envelope.Span))];
        await File.WriteAllLinesAsync(_state["all.jsonl"], lines);
        await File.WriteAllLinesAsync(_state["two.jsonl"], [lines[0], lines[2]]);

        Ended good = await EdgeAgentProcess.RunAsync("outbox", "verify", _state["all.jsonl"], "--head", _state["head.json"]);
        good.AssertOk();
        Assert.Contains("3 events, as they left", good.Out, StringComparison.Ordinal);
        (await EdgeAgentProcess.RunAsync("outbox", "verify", _state["two.jsonl"], "--head", _state["head.json"]))
            .AssertFailed(ExitCode.Different, "1 of 3 events are missing", "1/2.");
        (await EdgeAgentProcess.RunAsync("outbox", "verify", _state["all.jsonl"])).AssertFailed(ExitCode.Outbox, "no head of the chain", "--head");
        (await EdgeAgentProcess.RunAsync("outbox", "verify", _state["all.jsonl"], "--head", _state["all.jsonl"]))
            .AssertFailed(ExitCode.Outbox, "all.jsonl is no head");
    }

    [Theory]
    [InlineData("status")]
    [InlineData("dead")]
    [InlineData("show", "1/1")]
    [InlineData("retry", "--all")]
    public async Task A_folder_without_an_outbox_is_named(string command, params string[] more)
    {
        Ended ended = await EdgeAgentProcess.RunAsync(["outbox", command, _state.Root, .. more]);
        ended.AssertFailed(ExitCode.Outbox, "There is no outbox", "outbox.db");
        Assert.Empty(Directory.GetFileSystemEntries(_state.Root));
    }
}
