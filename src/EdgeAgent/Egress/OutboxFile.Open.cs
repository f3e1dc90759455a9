using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeAgent.Core;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Commands;
using EdgeAgent.Rfid.Epcs;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

// Decisions that may still be corrected, as they stand, beside the events that made them. Four hours at most, the newest 2,000. They name no visit.
// EPCs stay in this file and are never sent.
internal sealed partial class OutboxFile
{
    private static readonly TimeSpan s_longestCorrection = TimeSpan.FromHours(4);

    private SqliteCommand _open = null!;
    private SqliteCommand _forgetOpen = null!;

    private void KeepOpen(SqliteTransaction transaction, SoldRows rows)
    {
        foreach ((Guid id, OpenDecision decision) in rows.Open)
        {
            var row = new OpenRow(
                decision.Passage.Gate, decision.Passage.From, decision.Passage.To, decision.Passage.LateUntil, decision.Settled, decision.Total, decision.P, decision.Candidates,
                decision.Revision, decision.Reasons, [.. decision.Items.Select(Row)],
                decision.Bill, decision.Payment, decision.Prices, [.. decision.CameOff.Select(Row)]);
            Run(_open, transaction, decision.Key, id.ToByteArray(bigEndian: true), decision.At.ToUnixTimeMilliseconds(), JsonSerializer.SerializeToUtf8Bytes(row, OpenJson.Default.OpenRow));
            KeepHeld(transaction, decision);
            Run(_forgetOpen, transaction, decision.At.Subtract(s_longestCorrection).ToUnixTimeMilliseconds());
        }
    }

    /// <summary>Oldest first, with the id of the event that decided, but for what was paid, cleared or refunded; a row that cannot be read is passed over.</summary>
    public static IReadOnlyList<(Guid Event, OpenDecision Decision)> ReadOpen(SqliteConnection connection)
    {
        using var read = connection.CreateCommand();
        read.CommandText = $"SELECT key, event, at_ms, json FROM open WHERE key NOT IN (SELECT key FROM decided WHERE result IN ({(int)PaymentResult.Paid},{(int)PaymentResult.Cleared},{(int)PaymentResult.Refunded})) ORDER BY id";
        using var rows = read.ExecuteReader();
        var open = new List<(Guid, OpenDecision)>();
        while (rows.Read())
        {
            if (Parse(rows.GetFieldValue<byte[]>(3)) is OpenRow row && rows.GetFieldValue<byte[]>(1) is { Length: 16 } id)
            {
                open.Add((new Guid(id, bigEndian: true), new OpenDecision(
                    rows.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(2)), new GatePassage(row.Gate, row.From, row.To, row.LateUntil), row.Settled,
                    [.. row.Items.Select(Item)], row.Total, row.P, row.Candidates, row.Reasons, row.Revision)
                {
                    // Rows of before these were kept are of guests, who pay by the list in use.
                    Bill = row.Bill ?? Bill.Empty, Payment = row.Payment ?? new Payment(PaymentMethod.ToBePaid, row.Total), Prices = row.Prices,
                    CameOff = row.CameOff is { Count: > 0 } off ? [.. off.Select(Item)] : [],
                }));
            }
        }
        return open;
    }

    private static OpenItem Row(BagItem item) => new(item.Epc.ToHex(), item.Epc.Bits, item.Price, item.P, item.Reads);

    private static BagItem Item(OpenItem item)
    {
        var epc = new Epc(Convert.FromHexString(item.Epc), item.Bits);
        return new BagItem(epc, EpcIdentity.Identify(epc), item.Price, item.P, item.Reads);
    }

    private static OpenRow? Parse(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, OpenJson.Default.OpenRow);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void PrepareOpen()
    {
        Execute("CREATE TABLE IF NOT EXISTS open(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, event BLOB NOT NULL, at_ms INTEGER NOT NULL, json BLOB NOT NULL)");
        _open = Command("INSERT INTO open(key, event, at_ms, json) VALUES ($key,$event,$at,$json) ON CONFLICT(key) DO UPDATE SET json=$json", "$key", "$event", "$at", "$json");
        _forgetOpen = Command($"DELETE FROM open WHERE at_ms < $before OR id <= (SELECT max(id) FROM open) - {OpenDecision.Most}", "$before");
    }
}

internal sealed record OpenItem(string Epc, int Bits, long? Price, double P, int Reads);

internal sealed record OpenRow(
    string Gate, DateTimeOffset From, DateTimeOffset To, DateTimeOffset LateUntil, bool Settled, long Total, double P, int Candidates, int Revision,
    IReadOnlyList<HoldReason> Reasons, IReadOnlyList<OpenItem> Items, Bill? Bill = null, Payment? Payment = null, string? Prices = null,
    IReadOnlyList<OpenItem>? CameOff = null);

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(OpenRow))]
internal sealed partial class OpenJson : JsonSerializerContext;
