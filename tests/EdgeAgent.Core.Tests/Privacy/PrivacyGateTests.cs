using System.Text;
using System.Text.Json;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Cabinets;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Core.Tests.Privacy;

public class PrivacyGateTests
{
    private static readonly VisitId s_visit = new(new Guid("00112233-4455-6677-8899-aabbccddeeff"));

    private static readonly GatePassage s_passage = new("front", Shop.At(1), Shop.At(2), Shop.At(5));

    /// <summary>Whatever is not named here must have a way out, and a new case that stays on the box must be named.</summary>
    private static readonly Type[] s_onTheBox = [typeof(ShopEvent.FacesArmed), typeof(ShopEvent.TagsStrayed), typeof(ShopEvent.OutputWanted), typeof(ShopEvent.CheckoutAnswered), typeof(ShopEvent.PaymentTaken), typeof(ShopEvent.PassagesUndecided)];

    public static TheoryData<Type> Cases => [.. typeof(ShopEvent).GetNestedTypes().Except(s_onTheBox)];

    [Fact]
    public void Only_what_is_for_the_box_itself_stays_on_it() => Assert.Equal(
        s_onTheBox.OrderBy(t => t.Name),
        typeof(ShopEvent).GetNestedTypes()
            .Where(t => !((ShopEvent)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(t)).LeavesBox).OrderBy(t => t.Name));

    [Fact]
    public void Envelope_has_the_attributes_of_the_contract_in_their_order()
    {
        EgressEvent e = Gate().Admit(Settled(Shop.At(3.4826)));
        JsonElement root = Json(e);

        Assert.Equal(
            [
                "specversion", "id", "source", "type", "time", "datacontenttype", "dataschema", "epoch", "seq", "historical", "clockquality",
                "configversion", "modelset", "subject", "data",
            ], root.EnumerateObject().Select(p => p.Name));
        Assert.Equal("1.0", root.GetProperty("specversion").GetString());
        Assert.Equal(e.Id, root.GetProperty("id").GetGuid());
        Assert.Equal("/acme/s0042/b1", root.GetProperty("source").GetString());
        Assert.Equal("sst.exit.settled.v1", root.GetProperty("type").GetString());
        Assert.Equal("2026-03-02T08:00:03.482Z", root.GetProperty("time").GetString());
        Assert.Equal("application/json", root.GetProperty("datacontenttype").GetString());
        Assert.EndsWith("exit.settled.v1.json", root.GetProperty("dataschema").GetString(), StringComparison.Ordinal);
        Assert.Equal((412, 1, false), (root.GetProperty("epoch").GetInt64(), root.GetProperty("seq").GetInt64(), root.GetProperty("historical").GetBoolean()));
        Assert.Equal(("replay", 7, "sha256:00", "gate/front"), (root.GetProperty("clockquality").GetString(), root.GetProperty("configversion").GetInt32(),
            root.GetProperty("modelset").GetString(), root.GetProperty("subject").GetString()));
        Assert.Equal(("evt/exit/settled", Lane.Settlement, false), (e.Topic, e.Lane, e.Retain));
    }

    [Fact]
    public void Lost_events_are_named_with_their_own_epoch()
    {
        JsonElement root = Json(Gate().Admit(new ShopEvent.EventsLost(Shop.At(3), Lane.Visit, Epoch: 411, 5, 9, 4)));

        Assert.Equal((411, 5, 9, 4), (Number("epoch"), Number("fromSeq"), Number("toSeq"), Number("count")));

        long Number(string key) => root.GetProperty("data").GetProperty(key).GetInt64();
    }

    [Theory]
    [InlineData(StorageTrouble.DiskFull, true, "disk-full", "raised")]
    [InlineData(StorageTrouble.ReadOnly, false, "read-only", "cleared")]
    [InlineData(StorageTrouble.SafeMode, true, "safe-mode", "raised")]
    public void A_storage_alarm_says_what_since_when_and_how_many_in_words_of_a_closed_list(StorageTrouble kind, bool raised, string word, string state)
    {
        EgressEvent alarm = Gate().Admit(new ShopEvent.StorageAlarm(Shop.At(9), kind, raised, Shop.At(3), 4));

        Assert.Equal(("evt/alert/storage", Lane.Settlement, "sst.alert.storage.v1"), (alarm.Topic, alarm.Lane, alarm.Type));
        JsonElement data = Json(alarm).GetProperty("data");
        Assert.Equal(["kind", "state", "since", "count"], data.EnumerateObject().Select(p => p.Name));
        Assert.Equal((word, state, 4), (data.GetProperty("kind").GetString(), data.GetProperty("state").GetString(), data.GetProperty("count").GetInt32()));
        Assert.Equal(Shop.At(3), data.GetProperty("since").GetDateTimeOffset());
    }

    [Fact]
    public void A_dead_letter_alert_says_topic_reason_and_numbers_in_words_of_closed_lists()
    {
        JsonElement root = Json(Gate().Admit(new ShopEvent.EventsRefused(Shop.At(3), "sensor/camera/cam-1", DeadLetterReason.NotAuthorized, 4, Epoch: 411, 5, 90)));

        Assert.Equal(
            """{"topic":"sensor","reason":"not-authorized","count":4,"epoch":411,"fromSeq":5,"toSeq":90}""", root.GetProperty("data").GetRawText());
        Assert.Equal("other", EgressTopics.NameOf("a shopper's name"));
    }

    [Fact]
    public void A_bag_that_was_decided_can_be_acknowledged_by_its_key()
    {
        Assert.Equal("key", Gate().Admit(Settled(Shop.At(3))).SettlementKey);
        Assert.Null(Gate().Admit(new ShopEvent.EventsLost(Shop.At(3), Lane.Visit, 411, 5, 9, 4)).SettlementKey);
    }

    [Fact]
    public void Clock_quality_is_that_of_the_event_and_not_of_the_start()
    {
        string quality = "unsynced";
        var gate = new PrivacyGate(Some.Config, Some.Context with { ClockQuality = () => quality }, Some.Random(1));
        string? before = Json(gate.Admit(Settled(Shop.At(3)))).GetProperty("clockquality").GetString();
        quality = "ntp:4ms";

        Assert.Equal(("unsynced", "ntp:4ms"), (before, Json(gate.Admit(Settled(Shop.At(4)))).GetProperty("clockquality").GetString()));
    }

    [Fact]
    public void Settled_bag_says_what_the_contract_lists_and_nothing_else()
    {
        JsonElement data = Json(Gate().Admit(Settled(Shop.At(3)))).GetProperty("data");

        Assert.Equal(
            ["settlementKey", "visit", "gate", "direction", "window", "items", "lines", "taxes", "total", "currency", "payment", "attribution"], data.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["from", "to", "lateUntil"], data.GetProperty("window").EnumerateObject().Select(p => p.Name));
        Assert.Equal(["gtin", "serialHash", "quantity", "price", "p", "reads"], data.GetProperty("items")[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal(["decision", "p", "candidates"], data.GetProperty("attribution").EnumerateObject().Select(p => p.Name));
        Assert.Equal(("out", "EUR", "settle"), (data.GetProperty("direction").GetString(), data.GetProperty("currency").GetString(),
            data.GetProperty("attribution").GetProperty("decision").GetString()));
    }

    [Fact]
    public void Held_bag_adds_its_reasons_as_words()
    {
        JsonElement data = Json(Gate().Admit(new ShopEvent.ExitHeld(
            Shop.At(3), s_passage, "key", [Cola()], 150, new Attribution(null, 0, 0), [HoldReason.NoShopper, HoldReason.AlreadySold]))).GetProperty("data");

        Assert.Equal(["no-shopper", "already-sold"], data.GetProperty("reasons").EnumerateArray().Select(r => r.GetString()));
        Assert.Equal(JsonValueKind.Null, data.GetProperty("visit").ValueKind);
        Assert.Equal("hold", data.GetProperty("attribution").GetProperty("decision").GetString());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_case_of_what_can_happen_is_admitted(Type happened)
    {
        EgressEvent e = Gate().Admit((ShopEvent)Example(happened));

        Assert.StartsWith("sst.", e.Type, StringComparison.Ordinal);
        Assert.Matches("^((evt|sensor)(/[a-z0-9-]+){2}|obs/[a-z]+)$", e.Topic);
        Assert.NotEqual(EgressTopics.Other, EgressTopics.NameOf(e.Topic));
        Assert.Equal(e.Lane, EgressTopics.LaneOf(e.Type));
        Assert.Equal(JsonValueKind.Object, Json(e).GetProperty("data").ValueKind);
    }

    [Fact]
    public void No_envelope_of_a_day_holds_a_raw_epc_or_a_visit_id()
    {
        Shop shop = ADay(seed: 3);
        PrivacyGate gate = Gate();

        foreach (ShopEvent happened in shop.Events.Where(e => e.LeavesBox))
        {
            string text = Encoding.UTF8.GetString(gate.Admit(happened).Envelope.Span);
            foreach (string item in new[] { "cola", "milk", "tea" })
            {
                Epc epc = Stock.Tag(item);
                Assert.DoesNotContain(epc.ToHex(), text, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain(Convert.ToBase64String(epc.Bytes), text, StringComparison.Ordinal);
            }
            Assert.All(shop.All<ShopEvent.VisitStarted>(), v => Assert.DoesNotContain($"{v.Visit.Value:N}", text, StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public void Serial_hash_is_the_same_within_a_day_and_another_the_next_day()
    {
        PrivacyGate gate = Gate();
        string morning = SerialHash(gate, Shop.At(0));
        string evening = SerialHash(gate, Shop.At(15 * 3600));
        string tomorrow = SerialHash(gate, Shop.At(17 * 3600));

        Assert.Equal(morning, evening);
        Assert.NotEqual(morning, tomorrow);
        Assert.Matches("^[a-z2-7]{16}$", morning);
        Assert.NotEqual(morning, SerialHash(Gate(seed: 2), Shop.At(0)));
    }

    [Fact]
    public void A_tag_and_the_printed_code_of_the_same_item_have_one_name()
    {
        PrivacyGate gate = Gate();
        Assert.True(EdgeAgent.Core.Checkout.DigitalLink.TryParse($"https://shop.example/01/{Stock.GtinOf("cola")}/21/1", out EdgeAgent.Core.Checkout.ItemCode code, out _));
        var item = new CabinetItem(Stock.GtinOf("cola"), Stock.Tag("cola"), "1", 1, CabinetWitness.Tag);

        string atTheGate = SerialHash(gate, Shop.At(0));
        Assert.Equal(atTheGate, Hash(new ShopEvent.CodeScanned(Shop.At(1), "cam", "till", code.Gtin, code.Serial), data => data));
        Assert.Equal(atTheGate, Hash(new ShopEvent.CabinetUsed(Shop.At(2), "fridge", Shop.At(1), Shop.At(2), null, 0, [item], [], []), data => data.GetProperty("taken")[0]));
        Assert.Equal(atTheGate, Hash(new ShopEvent.GarmentsTried(Shop.At(3), "room", Shop.At(1), Shop.At(2), [new TriedItem(item.Epc!.Value, item.Gtin!, "1")], false), data => data.GetProperty("items")[0]));
        Assert.NotEqual(atTheGate, Hash(new ShopEvent.CodeScanned(Shop.At(4), "cam", "till", Stock.GtinOf("milk"), code.Serial), data => data));

        string Hash(ShopEvent happened, Func<JsonElement, JsonElement> where) => where(Json(gate.Admit(happened)).GetProperty("data")).GetProperty("serialHash").GetString()!;
    }

    [Fact]
    public void A_fitting_room_says_garments_and_times_and_nothing_of_anybody()
    {
        var tried = new ShopEvent.GarmentsTried(Shop.At(90), "room-1", Shop.At(3), Shop.At(60), [new TriedItem(Stock.Tag("soap"), Stock.GtinOf("soap"), "1")], false);
        JsonElement data = Json(Gate().Admit(tried)).GetProperty("data");

        Assert.Equal(["zone", "from", "to", "items", "together"], data.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["gtin", "serialHash"], data.GetProperty("items")[0].EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public void Day_key_is_random_on_the_first_day_of_time_too() =>
        Assert.NotEqual(SerialHash(Gate(seed: 1), DateTimeOffset.MinValue), SerialHash(Gate(seed: 2), DateTimeOffset.MinValue));

    [Fact]
    public void Hash_cannot_be_made_again_after_the_gate_was_closed()
    {
        PrivacyGate gate = Gate();
        string before = SerialHash(gate, Shop.At(0));
        gate.Close();

        Assert.NotEqual(before, SerialHash(gate, Shop.At(1)));
    }

    [Fact]
    public void Numbers_have_no_gaps_and_ids_are_uuid_7_of_the_events_time()
    {
        PrivacyGate gate = Gate();
        List<EgressEvent> events = [.. ADay(seed: 3).Events.Where(e => e.LeavesBox).Select(gate.Admit)];

        Assert.Equal(Enumerable.Range(1, events.Count).Select(n => (long)n), events.Select(e => e.Seq));
        Assert.Equal(events.Count, events.Select(e => e.Id).Distinct().Count());
        foreach (EgressEvent e in events)
        {
            byte[] bytes = e.Id.ToByteArray(bigEndian: true);
            long milliseconds = bytes[..6].Aggregate(0L, (ms, b) => (ms << 8) | b);
            Assert.Equal((e.Time.ToUnixTimeMilliseconds(), 7, 2), (milliseconds, bytes[6] >> 4, bytes[8] >> 6));
        }
    }

    [Fact]
    public void Same_inputs_and_seeds_give_the_same_bytes()
    {
        static IEnumerable<string> Envelopes(int seed)
        {
            PrivacyGate gate = Gate(seed);
            return [.. ADay(seed).Events.Where(e => e.LeavesBox).Select(e => Convert.ToHexString(gate.Admit(e).Envelope.Span))];
        }

        Assert.Equal(Envelopes(11), Envelopes(11));
        Assert.NotEqual(Envelopes(11), Envelopes(12));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(4, "null")]
    [InlineData(5, "5")]
    public void Few_people_are_withheld_from_the_occupancy(int people, string told)
    {
        var gate = new PrivacyGate(Some.Config with { Visits = new EdgeAgent.Core.Config.VisitsConfig(MinCount: 5) }, Some.Context, Some.Random(1));
        EgressEvent e = gate.Admit(new ShopEvent.OccupancyChanged(Shop.At(3), people, [new ZoneCount("till", people)]));

        Assert.Equal(("obs/occupancy", true), (e.Topic, e.Retain));
        Assert.Equal($$"""{"people":{{told}},"zones":[{"zone":"till","people":{{told}}}],"minCount":5}""", Json(e).GetProperty("data").GetRawText());
    }

    [Fact]
    public void Status_documents_have_one_shape_each()
    {
        EgressStatus state = StatusMessages.State(AgentState.Ready, 412, 3, Shop.At(0));
        EgressStatus info = StatusMessages.Info(Some.Config, Some.Context, "0.1.0");

        Assert.Equal("""{"state":"ready","epoch":412,"connection":3,"at":"2026-03-02T08:00:00.000Z"}""", Encoding.UTF8.GetString(state.Payload.Span));
        Assert.Equal(("state", 1, true), (state.Topic, state.Qos, state.Retain));
        Assert.Equal("""{"contract":"1.0","agent":"0.1.0","epoch":412,"configVersion":7,"modelSet":"sha256:00","cameras":["cam"],"readers":["reader"],"gates":["front"]}""",
            Encoding.UTF8.GetString(info.Payload.Span));
    }

    private static PrivacyGate Gate(int seed = 1) => new(Some.Config, Some.Context, Some.Random(seed));

    private static BagItem Cola() => new(Stock.Tag("cola"), Stock.Identify(Stock.Tag("cola")), 150, 0.99, 5);

    private static ShopEvent.ExitSettled Settled(DateTimeOffset at) => new(at, s_passage, "key", [Cola()], 150, new Attribution(s_visit, 0.98, 1));

    private static string SerialHash(PrivacyGate gate, DateTimeOffset at) =>
        Json(gate.Admit(Settled(at))).GetProperty("data").GetProperty("items")[0].GetProperty("serialHash").GetString()!;

    private static JsonElement Json(EgressEvent e) => JsonDocument.Parse(e.Envelope).RootElement;

    /// <summary>A day with every kind of event that comes from people and tags.</summary>
    private static Shop ADay(int seed) => Shop.Open(seed: seed)
        .PersonWalks("anna", "entrance", "exit", at: 1, takes: 5).TagPasses("cola", at: 5.5)
        .PersonWalks("ben", "entrance", "shelf", at: 12, takes: 3).TagPasses("milk", at: 20).TagStands("tea", from: 0, to: 30)
        .Sensor(SensorKind.Camera, "cam", SensorState.Online).After(30.Seconds()).Close();

    /// <summary>Some value of each constructor parameter: a new case needs no new line here unless it brings a new type.</summary>
    private static object Example(Type happened)
    {
        System.Reflection.ConstructorInfo constructor = happened.GetConstructors().Single();
        return constructor.Invoke([.. constructor.GetParameters().Select(p => Value(p.ParameterType))]);
    }

    private static object? Value(Type type) => type switch
    {
        _ when type == typeof(DateTimeOffset) || type == typeof(DateTimeOffset?) => Shop.At(3),
        _ when type == typeof(string) => "door",
        _ when type == typeof(long) => 3L,
        _ when type == typeof(double) => 0.5,
        _ when type == typeof(EdgeAgent.Core.Members.MemberRef) => new EdgeAgent.Core.Members.MemberRef("m-1"),
        _ when type == typeof(int) || type == typeof(int?) => 3,
        _ when type == typeof(bool) => true,
        _ when type == typeof(VisitId) || type == typeof(VisitId?) => s_visit,
        _ when type == typeof(PartyOf) => new PartyOf(s_visit, 2),
        _ when type == typeof(IReadOnlyList<ZoneCount>) => new[] { new ZoneCount("till", 2) },
        _ when type == typeof(IReadOnlyList<QueueState>) => new[] { new QueueState("till", 2, 12.3) },
        _ when type == typeof(GatePassage) => s_passage,
        _ when type == typeof(Attribution) => new Attribution(s_visit, 0.9, 1),
        _ when type == typeof(IReadOnlyList<BagItem>) => new[] { Cola() },
        _ when type == typeof(IReadOnlyList<ZoneHour>) => new[] { new ZoneHour("till", 20, 30, 40) },
        _ when type == typeof(IReadOnlyList<string>) => new[] { "coat-01", "coat-02", "coat-03", "coat-04", "coat-05" },
        _ when type == typeof(IReadOnlyList<CabinetItem>) => new[] { new CabinetItem(Stock.GtinOf("cola"), Stock.Tag("cola"), "1", 1, CabinetWitness.Tag), new CabinetItem(null, null, null, 2, CabinetWitness.Camera) },
        _ when type == typeof(IReadOnlyList<CabinetReason>) => new[] { CabinetReason.WeakRead },
        _ when type == typeof(IReadOnlyList<TriedItem>) => new[] { new TriedItem(Stock.Tag("cola"), Stock.GtinOf("cola"), "1") },
        _ when type == typeof(IReadOnlyList<HoldReason>) => new[] { HoldReason.WeakRead },
        _ when type == typeof(EdgeAgent.Core.Checkout.OpenDecision) => new EdgeAgent.Core.Checkout.OpenDecision("door", Shop.At(3), s_passage, Settled: false, [Cola()], 150, 0.9, 1, [HoldReason.WeakRead], 1),
        { IsEnum: true } => Enum.GetValuesAsUnderlyingType(type).GetValue(0) is object word ? Enum.ToObject(type, word) : null,
        _ => throw new NotSupportedException($"Say what a {type.Name} looks like."),
    };
}
