using System.Globalization;
using System.Text.Json;

namespace EdgeAgent.Cli;

/// <summary>One event as an MQTT subscriber gets it, as a short line for a person.</summary>
internal static class EventLine
{
    /// <param name="envelope">A CloudEvents envelope of docs/mqtt.md.</param>
    public static string Describe(ReadOnlyMemory<byte> envelope)
    {
        using JsonDocument document = JsonDocument.Parse(envelope);
        JsonElement root = document.RootElement;
        string time = root.GetProperty("time").GetDateTimeOffset().ToString("HH:mm:ss.f", CultureInfo.InvariantCulture);
        string type = root.GetProperty("type").GetString()!;
        JsonElement data = root.GetProperty("data");
        string story = type switch
        {
            "sst.visit.started.v1" => $"somebody came in by {Text(data, "door")} (visit {Short(data, "visit")})",
            "sst.visit.ended.v1" => $"visit {Short(data, "visit")} ended after {Number(data, "dwellSeconds")} s ({Text(data, "ending")})",
            "sst.zone.entered.v1" => $"somebody came into {Text(data, "zone")} (visit {Short(data, "visit")})",
            "sst.zone.left.v1" => $"somebody left {Text(data, "zone")} after {Number(data, "dwellSeconds")} s (visit {Short(data, "visit")})",
            "sst.zone.dwelled.v1" => $"somebody has been in {Text(data, "zone")} for {Number(data, "dwellSeconds")} s (visit {Short(data, "visit")})",
            "sst.occupancy.v1" => $"{Number(data, "people")} in the store",
            "sst.line.crossed.v1" => $"{Text(data, "line")} crossed {Text(data, "direction")}",
            "sst.exit.observed.v1" => $"{Items(data)} passed {Text(data, "gate")}",
            "sst.exit.settled.v1" => $"SETTLED {Items(data)} for {Money(data)} to visit {Short(data, "visit")} (p {Probability(data)})",
            "sst.exit.held.v1" => $"HELD {Items(data)} for {Money(data)}: {string.Join(", ", data.GetProperty("reasons").EnumerateArray().Select(r => r.GetString()))}",
            "sst.exit.corrected.v1" => $"CORRECTED ({Text(data, "why")}): now {Items(data)} for {Money(data)}",
            "sst.sensor.state.v1" => $"{Text(data, "kind")} {Text(data, "id")} is {Text(data, "state")} ({Text(data, "reason")})",
            "sst.shelf.taken.v1" => $"{Product(data)} taken from shelf {Text(data, "region")}",
            "sst.shelf.returned.v1" => $"{Product(data)} put on shelf {Text(data, "region")}",
            "sst.shelf.session.v1" => $"{Text(data, "cabinet")} used: {Count(data, "taken")} taken, {Count(data, "returned")} put back ({Text(data, "decision")})",
            "sst.fitting.tried.v1" => $"{Items(data)} tried in {Text(data, "zone")}",
            "sst.alert.cabinet.v1" => $"the door of {Text(data, "cabinet")} is open for too long: {Text(data, "state")}",
            "sst.tray.put.v1" => $"{Product(data)} put on tray {Text(data, "region")}",
            "sst.tray.taken.v1" => $"{Product(data)} taken from tray {Text(data, "region")}",
            "sst.code.scanned.v1" => $"code of {Text(data, "gtin")} read on {Text(data, "region")}",
            "sst.member.arrived.v1" => $"member {Text(data, "member")} asked to be recognised at {Text(data, "zone")}",
            "sst.scene.v1" => $"scene {Text(data, "scene")}: {string.Join(", ", data.GetProperty("items").EnumerateArray().Select(i => i.GetString()))}",
            "sst.counts.v1" => $"counts of {data.GetProperty("zones").GetArrayLength()} zones for an hour ({Text(data, "release")})",
            "sst.privacy.rotated.v1" => $"the key of {Number(data, "names")} pseudonyms is destroyed ({Text(data, "reason")})",
            "sst.alert.gap.v1" => $"{Number(data, "count")} events of the {Text(data, "lane")} lane were shed",
            "sst.alert.deadletter.v1" => $"{Number(data, "count")} events of {Text(data, "topic")} are refused by the broker ({Text(data, "reason")})",
            _ => type,
        };
        return $"{time}  {type,-22} {story}";
    }

    private static string Text(JsonElement data, string key) => data.GetProperty(key).GetString() ?? "";

    private static string Product(JsonElement data) => data.GetProperty("gtin").GetString() ?? "an unknown product";

    private static string Number(JsonElement data, string key) => data.GetProperty(key).GetRawText();

    private static string Short(JsonElement data, string key) => data.GetProperty(key).GetString() is { Length: > 6 } id ? id[..6] : "unknown";

    private static int Count(JsonElement data, string key) => data.GetProperty(key).EnumerateArray().Sum(item => item.GetProperty("quantity").GetInt32());

    private static string Items(JsonElement data) => Plural.Of(data.GetProperty("items").GetArrayLength(), "item");

    private static string Money(JsonElement data) =>
        string.Create(CultureInfo.InvariantCulture, $"{data.GetProperty("total").GetInt64() / 100m:0.00} {data.GetProperty("currency").GetString()}");

    private static string Probability(JsonElement data) => data.GetProperty("attribution").GetProperty("p").GetRawText();
}
