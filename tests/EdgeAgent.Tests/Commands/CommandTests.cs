using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Members;
using EdgeAgent.Members;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Tests.MemberRooms;
using EdgeAgent.Tests.Mqtt;
using EdgeAgent.Tests.Running;
using EdgeAgent.Vision.Faces;

namespace EdgeAgent.Tests.Commands;

/// <summary>What each command does to a whole agent.</summary>
public class CommandTests
{
    [MosquittoFact]
    public async Task A_self_test_names_each_part_and_what_is_wrong_with_it()
    {
        using MosquittoBroker broker = Started();
        await using LlrpReaderSimulator reader = RunningStore.QuietReader();
        await using var store = new CommandedStore(broker);
        await using Subscriber heard = await Subscriber.StartAsync(broker);
        await using Caller caller = await Caller.StartAsync(broker, CommandedStore.Store);
        await store.StartAsync(reader);
        await heard.DocumentAsync("/sensor/reader/exit-reader", d => d.GetProperty("data").GetProperty("state").GetString() == "online");

        JsonElement well = (await caller.AskAsync("selftest")).Data;
        Assert.Equal(
            ["models:none", "outbox:none", "broker:none", "reader exit-reader:none", "gate gate-1:none"],
            Checks(well).Where(check => !check.StartsWith("clock", StringComparison.Ordinal)));

        await reader.DisposeAsync();
        await heard.DocumentAsync("/sensor/reader/exit-reader", d => d.GetProperty("data").GetProperty("state").GetString() == "offline");
        JsonElement ill = (await caller.AskAsync("selftest")).Data;
        Assert.False(ill.GetProperty("ok").GetBoolean());
        Assert.Contains("reader exit-reader:offline", Checks(ill));
    }

    [MosquittoFact]
    public async Task A_diagnosis_has_versions_counters_and_states_and_stays_small()
    {
        using MosquittoBroker broker = Started();
        await using LlrpReaderSimulator reader = RunningStore.QuietReader();
        await using var store = new CommandedStore(broker);
        await using Subscriber heard = await Subscriber.StartAsync(broker);
        await using Caller caller = await Caller.StartAsync(broker, CommandedStore.Store);
        await store.StartAsync(reader);
        await heard.DocumentAsync("/sensor/reader/exit-reader", d => d.GetProperty("data").GetProperty("state").GetString() == "online");

        Reply reply = await caller.AskAsync("diag.collect");

        Assert.True(Encoding.UTF8.GetByteCount(reply.Text) <= 32 * 1024);
        Assert.Equal((1, 1, 5), (Number(reply.Data, "epoch"), Number(reply.Data, "configVersion"), Number(reply.Data, "mqttProtocol")));
        Assert.Equal(1, reply.Data.GetProperty("health").GetProperty("commands").GetProperty("received").GetInt32());
        Assert.Equal("online", reply.Data.GetProperty("sensors")[0].GetProperty("state").GetString());
        Assert.DoesNotContain(Environment.MachineName, reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", reply.Text, StringComparison.Ordinal);
    }

    [MosquittoFact]
    public async Task A_reader_is_begun_anew_and_one_that_is_not_there_is_not_found()
    {
        using MosquittoBroker broker = Started();
        await using LlrpReaderSimulator reader = RunningStore.QuietReader();
        await using var store = new CommandedStore(broker);
        await using Subscriber heard = await Subscriber.StartAsync(broker);
        await using Caller caller = await Caller.StartAsync(broker, CommandedStore.Store);
        await store.StartAsync(reader);
        await heard.DocumentAsync("/sensor/reader/exit-reader", d => d.GetProperty("data").GetProperty("state").GetString() == "online");

        Assert.Equal((202, "under-way"), Of(await caller.AskAsync("sensor.restart", """{"kind":"reader","id":"exit-reader"}""")));
        Assert.Equal((404, "unknown-target"), Of(await caller.AskAsync("sensor.restart", """{"kind":"reader","id":"other"}""")));
        Assert.Equal((404, "unknown-target"), Of(await caller.AskAsync("sensor.restart", """{"kind":"camera","id":"exit-reader"}""")));
        int connections = 0;
        for (int tries = 0; connections < 2 && tries < 500; tries++)
        {
            JsonElement diagnosis = (await caller.AskAsync("diag.collect")).Data;
            connections = diagnosis.GetProperty("health").GetProperty("readers")[0].GetProperty("connections").GetInt32();
        }
        Assert.Equal(2, connections);
    }

    [MosquittoFact]
    public async Task Commands_whose_rooms_do_not_exist_yet_are_read_strictly_and_not_available()
    {
        using MosquittoBroker broker = Started();
        await using LlrpReaderSimulator reader = RunningStore.QuietReader();
        await using var store = new CommandedStore(broker);
        await using Caller caller = await Caller.StartAsync(broker, CommandedStore.Store);
        await store.StartAsync(reader);

        Assert.Equal((503, "not-available"), Of(await caller.AskAsync("consent.grant", ConsentDesk.Command("m-1"))));
        Assert.Equal((400, "bad-request"), Of(await caller.AskAsync("consent.grant", ConsentDesk.Command("Jane Doe"))));
        Assert.Equal((400, "bad-request"), Of(await caller.AskAsync("consent.grant", """{"member":"m-1","until":"2027-01-01T00:00:00Z"}""")));
        Assert.Equal((404, "nothing-to-return-to"), Of(await caller.AskAsync("model.rollback", """{"name":"other-detector"}""")));
        Assert.Equal((200, "nothing-to-do"), Of(await caller.AskAsync("outbox.replay", """{"epoch":1,"fromSeq":1,"toSeq":9}""")));
        Assert.Equal((400, "bad-request"), Of(await caller.AskAsync("outbox.replay", """{"epoch":1}""")));
    }

    [MosquittoFact]
    public async Task The_clock_is_compared_with_the_sender_s()
    {
        using MosquittoBroker broker = Started();
        await using LlrpReaderSimulator reader = RunningStore.QuietReader();
        await using var store = new CommandedStore(broker);
        await using Caller caller = await Caller.StartAsync(broker, CommandedStore.Store);
        await store.StartAsync(reader);
        string anHourAgo = TimeProvider.System.GetUtcNow().AddHours(-1).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

        JsonElement answer = (await caller.AskAsync("time.check", $$"""{"sentAt":"{{anHourAgo}}"}""")).Data;
        Assert.InRange(answer.GetProperty("offsetMs").GetInt64(), 3_600_000, 3_600_000 + 120_000);
        Assert.Matches("^(ntp:[0-9]+ms|unsynced)$", answer.GetProperty("clockQuality").GetString());
        Assert.Equal(JsonValueKind.Null, (await caller.AskAsync("time.check")).Data.GetProperty("offsetMs").ValueKind);
    }

    [MosquittoFact]
    public async Task A_revoked_consent_erases_the_member_once_and_says_so()
    {
        using MosquittoBroker broker = Started();
        await using LlrpReaderSimulator reader = RunningStore.QuietReader();
        await using var store = new CommandedStore(broker);
        await using Caller caller = await Caller.StartAsync(broker, CommandedStore.Store);
        Directory.CreateDirectory(store.StateFolder);
        using var desk = new ConsentDesk();
        var members = new MemberStore(store.StateFolder, Randomness.System, desk.Trusted);
        desk.PutKey(Path.Combine(store.TrustFolder, "consent"));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        members.Save(new StoredMember(desk.Consent("m-1", now, now.AddDays(1)), now, 1, new string('a', 64), FaceTemplate.FromBytes(new byte[1024])));
        await store.StartAsync(reader);

        Reply erased = await caller.AskAsync("consent.revoke", """{"member":"m-1"}""", id: "e1");
        Assert.Equal((200, "done", 1), (erased.Status, erased.Word, Number(erased.Data, "templates")));
        Assert.Equal((1, 1), (Number(erased.Data, "keys"), Number(erased.Data, "consents")));
        Assert.Empty(members.References());
        Assert.Equal(["revoked"], Directory.GetFiles(Path.Combine(store.StateFolder, "members")).Select(Path.GetFileName));
        Assert.DoesNotContain("m-1", File.ReadAllText(Path.Combine(store.StateFolder, "members", "revoked")), StringComparison.Ordinal);
        Assert.Equal(erased.Text, (await caller.AskAsync("consent.revoke", """{"member":"m-1"}""", id: "e1")).Text);
        Reply again = await caller.AskAsync("consent.revoke", """{"member":"m-1"}""");
        Assert.Equal((200, "nothing-to-do", 0), (again.Status, again.Word, Number(again.Data, "templates")));
        Assert.DoesNotContain("m-1", erased.Text, StringComparison.Ordinal);
    }

    [MosquittoFact]
    public async Task A_disarmed_gate_only_observes_also_after_a_restart_until_it_is_armed()
    {
        using MosquittoBroker broker = Started();
        await using var store = new CommandedStore(broker);
        await using Subscriber heard = await Subscriber.StartAsync(broker);
        await using Caller caller = await Caller.StartAsync(broker, CommandedStore.Store);
        await using (LlrpReaderSimulator quiet = RunningStore.QuietReader())
        {
            await store.StartAsync(quiet);
            Assert.Equal((200, "done"), Of(await caller.AskAsync("gate.disarm", """{"gate":"gate-1"}""")));
            Assert.Equal((200, "nothing-to-do"), Of(await caller.AskAsync("gate.disarm", """{"gate":"gate-1"}""")));
            Assert.Equal((404, "unknown-target"), Of(await caller.AskAsync("gate.disarm", """{"gate":"gate-9"}""")));
            await heard.DocumentAsync("/sensor/gate/gate-1", d => Is(d, "disabled", "disarmed"));
            await store.StopAsync();
        }
        await using LlrpReaderSimulator reader = RunningStore.ReaderWithBag();
        await store.StartAsync(reader);

        JsonElement observed = (await heard.DocumentAsync("/evt/exit/observed")).GetProperty("data");
        Assert.Equal(2, observed.GetProperty("items").GetArrayLength());
        Assert.Contains("gate gate-1:disarmed", Checks((await caller.AskAsync("selftest")).Data));
        Assert.Equal((200, "done"), Of(await caller.AskAsync("gate.arm", """{"gate":"gate-1"}""")));
        await heard.DocumentAsync("/sensor/gate/gate-1", d => Is(d, "online", "none"));
        // The gate's state came behind all that the bag gave, on the same line.
        Assert.DoesNotContain(heard.Heard, message => message.Topic.Contains("/evt/exit/held", StringComparison.Ordinal) || message.Topic.Contains("/evt/exit/settled", StringComparison.Ordinal));
    }

    [MosquittoFact]
    public async Task A_payment_is_remembered_with_its_settlement_and_never_contradicted()
    {
        await using HeldBag bag = await HeldBag.StartAsync();
        (CommandedStore store, LlrpReaderSimulator reader, Subscriber heard, Caller caller, string key) = (bag.Store, bag.Reader, bag.Heard, bag.Caller, bag.Key);
        string Paid(string result, string? of = null) => $$"""{"settlementKey":"{{of ?? key}}","result":"{{result}}"}""";

        Assert.Equal((404, "unknown-target"), Of(await caller.AskAsync("payment.result", Paid("paid", "aaaaaaaa"))));
        Assert.Equal((200, "done"), Of(await caller.AskAsync("payment.result", Paid("paid"))));
        Assert.Equal((200, "nothing-to-do"), Of(await caller.AskAsync("payment.result", Paid("paid"))));
        Reply declined = await caller.AskAsync("payment.result", Paid("declined"));
        Assert.Equal((409, "contradiction", "paid"), (declined.Status, declined.Word, declined.Data.GetProperty("known").GetString()));

        // Sent again when asked for, with the same id; then the application has it and it is not.
        Assert.Equal((202, 1), (await Replayed(caller)));
        await heard.UntilAsync(all => all.Count(m => m.Topic.EndsWith("/evt/exit/held", StringComparison.Ordinal)) == 2);
        Assert.Single(heard.Heard.Where(m => m.Topic.EndsWith("/evt/exit/held", StringComparison.Ordinal)).Select(m => JsonElement.Parse(m.Payload).GetProperty("id").GetString()).Distinct());
        Reply acknowledged = await caller.AskAsync("settlement.ack", $$"""{"settlementKeys":["{{key}}"]}""");
        Assert.Equal((200, 1), (acknowledged.Status, Number(acknowledged.Data, "acknowledged")));
        Assert.Equal((200, 0), (await Replayed(caller)));

        await store.StopAsync();
        await store.StartAsync(reader);
        Assert.Equal((409, "contradiction"), Of(await caller.AskAsync("payment.result", Paid("declined"))));
        Assert.Equal((200, "done"), Of(await caller.AskAsync("payment.result", Paid("refunded"))));
    }

    [MosquittoFact]
    public async Task A_killed_agent_still_knows_what_it_did_and_answered()
    {
        using MosquittoBroker broker = Started();
        await using LlrpReaderSimulator reader = RunningStore.QuietReader();
        using var store = new RunningStore(broker, reader);
        await using Subscriber heard = await Subscriber.StartAsync(broker);
        await using Caller caller = await Caller.StartAsync(broker, CommandedStore.Store);
        Reply first;
        using (EdgeAgentProcess agent = store.Start())
        {
            await heard.DocumentAsync("/state", d => d.GetProperty("state").GetString() == "ready");
            first = await caller.AskAsync("gate.disarm", """{"gate":"gate-1"}""", id: "k1", expirySeconds: 600);
            agent.Kill();
            await agent.EndAsync();
        }
        using EdgeAgentProcess next = store.Start();
        await heard.DocumentAsync("/state", d => d.GetProperty("state").GetString() == "ready" && d.GetProperty("epoch").GetInt32() == 2);

        Assert.Equal((200, "done"), Of(first));
        Assert.Equal(first.Text, (await caller.AskAsync("gate.disarm", """{"gate":"gate-1"}""", id: "k1", expirySeconds: 600)).Text);
        Assert.Contains("gate gate-1:disarmed", Checks((await caller.AskAsync("selftest")).Data));
    }

    [Fact]
    public void The_first_set_of_commands_is_whole() => Assert.Equal(
        [
            "selftest", "sensor.restart", "diag.collect", "settlement.ack", "payment.result", "cart.claim", "cart.cancel", "mandate.put", "mandate.revoke", "consent.grant", "consent.revoke",
            "outbox.replay", "gate.arm", "gate.disarm", "model.rollback", "scene.ask", "time.check",
        ],
        CommandKind.All.Select(kind => kind.Name));

    private static async Task<(int Status, int Events)> Replayed(Caller caller)
    {
        Reply reply = await caller.AskAsync("outbox.replay", """{"since":"2026-01-01T00:00:00Z"}""");
        return (reply.Status, Number(reply.Data, "events"));
    }

    private static string[] Checks(JsonElement data) =>
        [.. data.GetProperty("checks").EnumerateArray().Select(c =>
            $"{c.GetProperty("check").GetString()}{(c.TryGetProperty("id", out JsonElement id) ? " " + id.GetString() : "")}:{c.GetProperty("reason").GetString()}")];

    private static bool Is(JsonElement sensor, string state, string reason) =>
        (sensor.GetProperty("data").GetProperty("state").GetString(), sensor.GetProperty("data").GetProperty("reason").GetString()) == (state, reason);

    private static int Number(JsonElement data, string name) => data.GetProperty(name).GetInt32();

    private static (int Status, string Word) Of(Reply reply) => (reply.Status, reply.Word);

    private static MosquittoBroker Started()
    {
        var broker = new MosquittoBroker();
        broker.Start();
        return broker;
    }
}
