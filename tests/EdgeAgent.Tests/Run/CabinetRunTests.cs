using System.Text.Json;
using EdgeAgent.Core;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Simulators.Stores;

namespace EdgeAgent.Tests.Running;

/// <summary>A fridge with tags and a door contact at a reader that fails it: a child process, a real broker, a reader on TCP.</summary>
public sealed class CabinetRunTests : IAsyncLifetime
{
    private const ushort Antenna = 3;
    private const string Open = "00F80007000180", Shut = "00F80007000100";

    private static readonly Epc s_cola = Goods.Cola.Tag(1), s_socks = Goods.Socks.Tag(2), s_scarf = Goods.Scarf.Tag(3);

    private readonly TestFolder _folder = new();
    private readonly MosquittoBroker _broker = new();
    private Subscriber _subscriber = null!;

    public async Task InitializeAsync()
    {
        _broker.Start();
        _subscriber = await Subscriber.StartAsync(_broker);
    }

    public async Task DisposeAsync()
    {
        await _subscriber.DisposeAsync();
        _broker.Dispose();
        _folder.Dispose();
    }

    [MosquittoFact]
    public async Task Goods_that_go_though_the_contact_never_says_open_are_told_and_held()
    {
        JsonElement session = await RunAsync(120, Script([.. Reads(s_cola, 1, 90), .. Reads(s_socks, 1, 16), .. Reads(s_scarf, 1, 90)]));

        Assert.Equal((Goods.Socks.Gtin, "held", "door-closed"), (Taken(session), Decision(session), Reasons(session)));
    }

    [MosquittoFact]
    public async Task A_reader_that_dies_while_the_door_is_open_and_comes_back_before_it_is_closed_holds_the_use()
    {
        JsonElement session = await RunAsync(
            120,
            Script(
                [.. Reads(s_cola, 1, 17), .. Reads(s_socks, 1, 16), .. Reads(s_scarf, 1, 17)],
                new ReaderStep.Event(TimeSpan.FromSeconds(15), Open), new ReaderStep.Reset(TimeSpan.FromSeconds(17))),
            Script([.. Reads(s_cola, 0, 60), .. Reads(s_scarf, 0, 60)], new ReaderStep.Event(TimeSpan.FromSeconds(3), Shut)));

        Assert.Equal((Goods.Socks.Gtin, "held", "reader-degraded"), (Taken(session), Decision(session), Reasons(session)));
    }

    [MosquittoFact]
    public async Task A_door_that_was_closed_while_the_reader_was_dead_is_an_alert_and_the_next_use_is_told_with_the_first_and_held()
    {
        JsonElement session = await RunAsync(
            8,
            Script(
                [.. Reads(s_cola, 1, 17), .. Reads(s_socks, 1, 16), .. Reads(s_scarf, 1, 17)],
                new ReaderStep.Event(TimeSpan.FromSeconds(15), Open), new ReaderStep.Reset(TimeSpan.FromSeconds(17))),
            Script(
                [.. Reads(s_cola, 0, 60), .. Reads(s_scarf, 0, 16)],
                new ReaderStep.Event(TimeSpan.FromSeconds(15), Open), new ReaderStep.Event(TimeSpan.FromSeconds(18), Shut)));

        Assert.Equal(["raised", "cleared"], _subscriber.Heard.Where(m => m.Topic.EndsWith("/evt/alert/cabinet", StringComparison.Ordinal))
            .Select(m => Data(m.Payload).GetProperty("state").GetString()));
        Assert.Equal(("held", "open-too-long reader-degraded"), (Decision(session), Reasons(session)));
        Assert.Equal(2, session.GetProperty("taken").GetArrayLength());
    }

    /// <summary>Runs the agent until the fridge's first session is told; returns that, and there is no second one before the agent has stopped.</summary>
    private async Task<JsonElement> RunAsync(int openSeconds, params ReaderScript[] connections)
    {
        await using var reader = new LlrpReaderSimulator(TimeProvider.System, TimeSpan.Zero, connections);
        string config = RunningStore.Config(_broker.Port, $"llrp://127.0.0.1:{reader.Port}")
            .Replace("\"antennas\": [", $$"""
            "antennas": [ { "id": {{Antenna}}, "zone": "inside" },
            """, StringComparison.Ordinal)
            .Replace("\"checkout\":", $$"""
            "cabinets": [ { "id": "fridge", "door": { "reader": "exit-reader", "port": 1 }, "settleSeconds": 2, "openSeconds": {{openSeconds}},
              "antennas": [ { "reader": "exit-reader", "antenna": {{Antenna}} } ] } ],
            "checkout":
            """, StringComparison.Ordinal);
        using EdgeAgentProcess agent = EdgeAgentProcess.Start("run", _folder.Write("store.json", config), "--state", _folder["state"]);
        await _subscriber.UntilAsync(all => all.Any(IsSession));
        agent.Terminate();
        (await agent.EndAsync()).AssertOk();
        return Data(Assert.Single(_subscriber.Heard, IsSession).Payload);

        static bool IsSession((string Topic, string Payload) message) => message.Topic.EndsWith("/evt/shelf/session", StringComparison.Ordinal);
    }

    private static ReaderScript Script(IEnumerable<ReaderSighting> reads, params ReaderStep[] others) =>
        new([.. ReaderScript.Of(reads).Steps.Concat(others).OrderBy(step => step.At)]);

    /// <summary>Five reads a second in the fridge.</summary>
    private static IEnumerable<ReaderSighting> Reads(Epc epc, double from, double until) =>
        Enumerable.Range(0, (int)((until - from) * 5)).Select(i => new ReaderSighting(TimeSpan.FromSeconds(from + (i * 0.2)), epc, Antenna, -50));

    private static JsonElement Data(string payload) => JsonElement.Parse(payload).GetProperty("data");

    private static string? Taken(JsonElement session) => string.Join(' ', session.GetProperty("taken").EnumerateArray().Select(i => i.GetProperty("gtin").GetString()));

    private static string? Decision(JsonElement session) => session.GetProperty("decision").GetString();

    private static string Reasons(JsonElement session) => string.Join(' ', session.GetProperty("reasons").EnumerateArray().Select(r => r.GetString()));
}
