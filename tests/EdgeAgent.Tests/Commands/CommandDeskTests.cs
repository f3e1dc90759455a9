using System.Text;
using EdgeAgent.Commands;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Mqtt;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Tests.Egress;
using EdgeAgent.Tests.Mqtt;

namespace EdgeAgent.Tests.Commands;

/// <summary>How commands are taken, refused, remembered and answered, whatever they do.</summary>
public class CommandDeskTests
{
    [MosquittoFact]
    public async Task A_command_is_answered_on_its_response_topic_with_its_correlation_data()
    {
        using MosquittoBroker broker = Started();
        await using Desk desk = await Desk.StartAsync(broker);
        await using Caller caller = await Caller.StartAsync(broker, Some.Store);

        Reply text = await caller.AskAsync("selftest", id: "q-1");
        await caller.PublishAsync("selftest", "{}"u8.ToArray(), false, new MqttProperties([0xff, 0x00, 0x2f], 60, null, caller.ReplyTo));
        Reply bytes = await caller.ReplyAsync(reply => reply.RequestId == "ff002f");

        Assert.Equal((200, "done"), (text.Status, text.Word));
        Assert.Equal("q-1"u8.ToArray(), text.Correlation);
        Assert.Equal([0xff, 0x00, 0x2f], bytes.Correlation);
    }

    [MosquittoFact]
    public async Task A_client_of_3_1_1_says_everything_in_the_body()
    {
        using MosquittoBroker broker = Started();
        await using Desk desk = await Desk.StartAsync(broker);
        await using Caller caller = await Caller.StartAsync(broker, Some.Store);

        await caller.SendPlainAsync("selftest", $$"""{"requestId":"old-1","replyTo":"{{caller.ReplyTo}}","expiresAt":"{{In(60)}}"}""");

        Reply reply = await caller.ReplyAsync(r => r.RequestId == "old-1");
        Assert.Equal((200, null), (reply.Status, reply.Correlation));
    }

    [MosquittoFact]
    public async Task What_a_command_lacks_is_named_in_the_refusal()
    {
        using MosquittoBroker broker = Started();
        await using Desk desk = await Desk.StartAsync(broker, allow: ["selftest", "sensor.restart"]);
        await using Caller caller = await Caller.StartAsync(broker, Some.Store);

        Assert.Equal((400, "expiry-missing"), Of(await caller.AskAsync("selftest", expirySeconds: null)));
        Assert.Equal((400, "expiry-too-far"), Of(await caller.AskAsync("selftest", expirySeconds: 100_000)));
        Assert.Equal((404, "unknown-command"), Of(await caller.AskAsync("reboot")));
        Assert.Equal((403, "not-allowed"), Of(await caller.AskAsync("gate.disarm", """{"gate":"gate-1"}""")));
        Reply shape = await caller.AskAsync("sensor.restart", """{"kind":"fridge","secret \"name\"":1}""");
        Assert.Equal((400, "bad-request"), Of(shape));
        Assert.Equal(
            """{"errors":[{"path":"$.kind","code":"bad-value"},{"path":"$","code":"unknown-key"},{"path":"$.id","code":"missing"}]}""", shape.Data.GetRawText());
        await caller.SendAsync("selftest", id: "csv", contentType: "text/csv");
        Assert.Equal((415, "not-json"), Of(await caller.ReplyAsync(r => r.RequestId == "csv")));
        await caller.SendAsync("selftest", id: null);
        Assert.Equal((400, "request-id-missing"), Of(await caller.ReplyAsync(r => r.RequestId == "-")));

        Assert.Equal((0, 7L), (desk.Begun, desk.Health.Refused));
    }

    [MosquittoFact]
    public async Task Nothing_is_published_outside_of_the_box_s_own_answers()
    {
        using MosquittoBroker broker = Started();
        await using Desk desk = await Desk.StartAsync(broker);
        await using Caller caller = await Caller.StartAsync(broker, Some.Store);
        await using Listener all = await Listener.StartAsync(Line.To(broker), "#");
        string root = new Topics(Some.Store).Root;
        string[] elsewhere = ["sst/v1/acme/s0042/b2/rsp/office", $"{root}/state", $"{root}/rsp/a/b", $"{root}/rsp/", $"{root}/rspx/office", "evil", $"{root}/cmd/selftest"];

        foreach (string topic in elsewhere)
        {
            await caller.SendAsync("selftest", id: "h", replyTo: topic);
            await caller.SendAsync("selftest", $$"""{"requestId":"h","replyTo":"{{topic}}","expiresAt":"{{In(60)}}"}""", id: "h");
        }
        await caller.SendPlainAsync("selftest", "{}");
        await caller.AskAsync("selftest", id: "last");
        await all.UntilAsync(heard => heard.Any(message => message.Topic == caller.ReplyTo));

        Assert.Equal((1, (elsewhere.Length * 2) + 1L), (desk.Begun, desk.Health.Unanswerable));
        Assert.Equal([caller.ReplyTo], all.Heard.Where(message => !message.Topic.StartsWith($"{root}/cmd/", StringComparison.Ordinal)).Select(message => message.Topic));
    }

    [MosquittoFact]
    public async Task A_retained_command_is_refused_when_it_is_sent_and_again_when_it_is_kept()
    {
        using MosquittoBroker broker = Started();
        await using (Desk desk = await Desk.StartAsync(broker))
        {
            await using Caller caller = await Caller.StartAsync(broker, Some.Store);
            await caller.SendAsync("selftest", id: "kept", expirySeconds: 600, retain: true);
            Assert.Equal((400, "retained-refused"), Of(await caller.ReplyAsync(r => r.RequestId == "kept")));
            Assert.Equal((0, 1L), (desk.Begun, desk.Health.Retained));
        }
        await using Caller late = await Caller.StartAsync(broker, Some.Store, "late");
        await late.SendPlainAsync("time.check", $$"""{"requestId":"kept-too","replyTo":"{{late.ReplyTo}}","expiresAt":"{{In(600)}}"}""", retain: true);
        await using Desk next = await Desk.StartAsync(broker);

        Assert.Equal((400, "retained-refused"), Of(await late.ReplyAsync(r => r.RequestId == "kept-too")));
        Assert.Equal(0, next.Begun);
    }

    [MosquittoFact]
    public async Task A_command_that_expired_on_the_way_or_in_the_queue_is_not_carried_out()
    {
        using MosquittoBroker broker = Started();
        var time = new ManualTime();
        var first = new TaskCompletionSource();
        await using Desk desk = await Desk.StartAsync(broker, time: time, carryOut: async (_, ct) =>
        {
            await first.Task.WaitAsync(ct);
            return CommandAnswer.Of(AnswerWord.Done);
        });
        await using Caller caller = await Caller.StartAsync(broker, Some.Store);

        await caller.SendAsync("settlement.ack", """{"ids":["019b8d9e-0000-7000-8000-000000000001"]}""", id: "slow", expirySeconds: 600);
        await caller.SendAsync("gate.arm", """{"gate":"g"}""", id: "waits", expirySeconds: 30);
        Assert.Equal(408, (await caller.AskAsync("gate.arm", $$"""{"gate":"g","expiresAt":"2026-08-21T08:59:59Z"}""", expirySeconds: null)).Status);
        time.Advance(TimeSpan.FromSeconds(31));
        first.SetResult();

        Assert.Equal(200, (await caller.ReplyAsync(r => r.RequestId == "slow")).Status);
        Assert.Equal((408, "expired"), Of(await caller.ReplyAsync(r => r.RequestId == "waits")));
        Assert.Equal(1, desk.Begun);
    }

    [MosquittoFact]
    public async Task A_command_sent_twice_is_carried_out_once_and_answered_the_same_also_after_a_restart()
    {
        using MosquittoBroker broker = Started();
        using var folder = new TestFolder();
        await using Caller caller = await Caller.StartAsync(broker, Some.Store);
        await using Caller other = await Caller.StartAsync(broker, Some.Store, "other");
        Reply first;
        await using (Desk desk = await Desk.StartAsync(broker, folder, carryOut: (_, _) => Task.FromResult(CommandAnswer.Acknowledged(7))))
        {
            first = await caller.AskAsync("gate.arm", """{"gate":"g"}""", id: "once");
            Assert.Equal(first.Text, (await caller.AskAsync("gate.arm", """{ "gate": "g", "requestId": "once" }""", id: "once")).Text);
            Assert.Equal((409, "id-reused"), Of(await caller.AskAsync("gate.arm", """{"gate":"other"}""", id: "once")));
            Assert.Equal(1, desk.Begun);
        }
        await using Desk next = await Desk.StartAsync(broker, folder, carryOut: (_, _) => Task.FromResult(CommandAnswer.Acknowledged(8)));

        Assert.Equal(first.Text, (await caller.AskAsync("gate.arm", """{"gate":"g"}""", id: "once")).Text);
        Assert.Equal((0, 1L), (next.Begun, next.Health.Repeated));
        Assert.Contains("8", (await other.AskAsync("gate.arm", """{"gate":"g"}""", id: "once")).Text, StringComparison.Ordinal);
    }

    [MosquittoFact]
    public async Task A_remembered_answer_is_forgotten_when_its_command_has_expired()
    {
        using MosquittoBroker broker = Started();
        var time = new ManualTime();
        await using Desk desk = await Desk.StartAsync(broker, time: time);
        await using Caller caller = await Caller.StartAsync(broker, Some.Store);
        await caller.AskAsync("gate.arm", """{"gate":"g"}""", id: "again", expirySeconds: 60);

        time.JumpClock(TimeSpan.FromDays(400)); // a clock that is set forgets nothing
        await caller.AskAsync("gate.arm", """{"gate":"g"}""", id: "again", expirySeconds: 60);
        Assert.Equal(1, desk.Begun);
        time.Advance(TimeSpan.FromSeconds(121));
        await caller.AskAsync("gate.arm", """{"gate":"g"}""", id: "again", expirySeconds: 60);
        Assert.Equal(2, desk.Begun);
    }

    [MosquittoFact]
    public async Task A_command_that_a_crash_interrupted_is_done_again_where_that_does_no_harm_and_else_says_so()
    {
        using MosquittoBroker broker = Started();
        using var folder = new TestFolder();
        await using Caller caller = await Caller.StartAsync(broker, Some.Store);
        var begun = new SemaphoreSlim(0);
        await using (Desk desk = await Desk.StartAsync(broker, folder, carryOut: async (_, ct) =>
        {
            begun.Release();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
            throw new InvalidOperationException("unreachable");
        }))
        {
            await caller.SendAsync("gate.arm", """{"gate":"g"}""", id: "harmless");
            await caller.SendAsync("sensor.restart", """{"kind":"camera","id":"front"}""", id: "harmful");
            Assert.True(await begun.WaitAsync(Wait.Patience) && await begun.WaitAsync(Wait.Patience));
        }
        Assert.Empty(caller.Replies);

        await using (Desk next = await Desk.StartAsync(broker, folder))
        {
            Assert.Equal(200, (await caller.ReplyAsync(r => r.RequestId == "harmless")).Status);
            Assert.Equal((500, "interrupted"), Of(await caller.ReplyAsync(r => r.RequestId == "harmful")));
            Assert.Equal(1, next.Begun);
            Assert.Equal((500, "interrupted"), Of(await caller.AskAsync("sensor.restart", """{"kind":"camera","id":"front"}""", id: "harmful")));
        }
    }

    [MosquittoFact]
    public async Task A_slow_command_delays_no_quick_one_and_one_that_throws_is_an_answer()
    {
        using MosquittoBroker broker = Started();
        var slow = new TaskCompletionSource();
        await using Desk desk = await Desk.StartAsync(broker, carryOut: async (request, ct) =>
        {
            if (request.Kind.Slow)
            {
                await slow.Task.WaitAsync(ct);
            }
            return request.Kind.Name == "time.check" ? throw new InvalidOperationException("a bug") : CommandAnswer.Of(AnswerWord.Done);
        });
        await using Caller caller = await Caller.StartAsync(broker, Some.Store);
        for (int i = 0; i < 10; i++)
        {
            await caller.SendAsync("selftest", id: $"slow{i}");
        }

        Assert.Equal(200, (await caller.AskAsync("gate.arm", """{"gate":"g"}""")).Status);
        Reply bug = await caller.AskAsync("time.check");
        Assert.Equal((500, "failed"), Of(bug));
        Assert.DoesNotContain("a bug", bug.Text, StringComparison.Ordinal);
        slow.SetResult();
        Assert.Equal(12, (await caller.RepliesAsync(12)).Count);
    }

    [MosquittoFact]
    public async Task A_flood_is_answered_503_and_counted_and_the_oldest_are_carried_out()
    {
        using MosquittoBroker broker = Started();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var open = new TaskCompletionSource();
        await using Desk desk = await Desk.StartAsync(broker, carryOut: async (_, ct) =>
        {
            begun.TrySetResult();
            await open.Task.WaitAsync(ct);
            return CommandAnswer.Of(AnswerWord.Done);
        });
        await using Caller caller = await Caller.StartAsync(broker, Some.Store);

        // One is being carried out, 64 wait behind it.
        await caller.SendAsync("gate.arm", """{"gate":"g"}""", id: "f0");
        await begun.Task.WaitAsync(Wait.Patience);
        for (int i = 1; i < 200; i++)
        {
            await caller.SendAsync("gate.arm", """{"gate":"g"}""", id: $"f{i}");
        }
        Reply busy = await caller.ReplyAsync(r => r.RequestId == "f199");
        Assert.Equal((503, "busy"), Of(busy));
        open.SetResult();

        IReadOnlyList<Reply> all = await caller.RepliesAsync(200);
        int done = all.Count(r => r.Status == 200);
        Assert.Equal(CommandDesk.QuickCapacity + 1, done);
        Assert.Equal(200 - done, desk.Health.Busy);
        Assert.Equal(Enumerable.Range(0, done).Select(i => $"f{i}"), all.Where(r => r.Status == 200).Select(r => r.RequestId));
        Assert.Equal(200, (await caller.AskAsync("gate.arm", """{"gate":"g"}""", id: "f199")).Status); // refused ones may come again
    }

    [MosquittoFact]
    public async Task Hostile_bodies_are_bad_requests_and_the_next_command_is_served()
    {
        using MosquittoBroker broker = Started();
        await using Desk desk = await Desk.StartAsync(broker);
        await using Caller caller = await Caller.StartAsync(broker, Some.Store);
        byte[][] bodies =
        [
            [], "null"u8.ToArray(), "[]"u8.ToArray(), "\"{}\""u8.ToArray(), "{}{}"u8.ToArray(), "{\"sentAt\":\"2026-08-21T09:00:00\"}"u8.ToArray(),
            "{\"sentAt\":1e999}"u8.ToArray(), "{\"sentAt\":null,\"sentAt\":null}"u8.ToArray(), [0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}'], [0x7B, 0xFF, 0x7D],
            "{\"requestId\":\"\\ud800\"}"u8.ToArray(), "{\"requestId\":\"a b\"}"u8.ToArray(), "{\"\\u0000\":1}"u8.ToArray(),
            Encoding.UTF8.GetBytes(new string('[', 30_000)), Encoding.UTF8.GetBytes("{\"sentAt\":\"" + new string('9', 200_000) + "\"}"),
        ];

        for (int i = 0; i < bodies.Length; i++)
        {
            string id = $"h{i}";
            await caller.PublishAsync("time.check", bodies[i], false, new MqttProperties(Encoding.ASCII.GetBytes(id), 60, null, caller.ReplyTo));
            Reply reply = await caller.ReplyAsync(r => r.RequestId == id);
            Assert.True(reply.Status == 400, $"Body {i}: {reply.Text}");
        }

        Assert.Equal(200, (await caller.AskAsync("time.check")).Status);
        Assert.Equal(1, desk.Begun);
    }

    [CorpusFact]
    public async Task Every_text_that_is_no_JSON_is_a_bad_request()
    {
        using MosquittoBroker broker = Started();
        await using Desk desk = await Desk.StartAsync(broker);
        await using Caller caller = await Caller.StartAsync(broker, Some.Store);
        string[] files = [.. Directory.GetFiles(CorpusFactAttribute.Folder!, "n_*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        Assert.True(files.Length > 180, $"{files.Length} cases.");

        for (int i = 0; i < files.Length; i++)
        {
            string id = $"n{i}";
            await caller.PublishAsync("selftest", await File.ReadAllBytesAsync(files[i]), false, new MqttProperties(Encoding.ASCII.GetBytes(id), 60, null, caller.ReplyTo));
            Reply reply = await caller.ReplyAsync(r => r.RequestId == id);
            Assert.True(reply.Status == 400, $"{files[i]}: {reply.Text}");
        }

        Assert.Equal(0, desk.Begun);
    }

    private static MosquittoBroker Started()
    {
        var broker = new MosquittoBroker();
        broker.Start();
        return broker;
    }

    private static (int Status, string Word) Of(Reply reply) => (reply.Status, reply.Word);

    private static string In(int seconds) => TimeProvider.System.GetUtcNow().AddSeconds(seconds).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A fact that needs a broker and the published cases of JSON parsing; skipped with a sentence without.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CorpusFactAttribute : FactAttribute
{
    public static readonly string? Folder = Repo.Shared is null ? null : Path.Combine(Repo.Shared, "fixtures", "corpora", "json");

    public CorpusFactAttribute() => Skip = Missing.Mosquitto
        ?? (Directory.Exists(Folder) ? null : "The JSON parsing cases are not there: no shared folder with fixtures/corpora/json.");
}
