using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeAgent.Core;
using EdgeAgent.Core.Gate;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

// What is in the gates and not decided, one row a gate, written while somebody walks and gone with the decision. Names no visit. EPCs stay in this
// file and are never sent.
internal sealed partial class OutboxFile
{
    private SqliteCommand _undecided = null!;
    private SqliteCommand _allDecided = null!;

    private void KeepUndecided(SqliteTransaction transaction, IReadOnlyList<ShopEvent.PassagesUndecided> gates)
    {
        foreach (ShopEvent.PassagesUndecided gate in gates)
        {
            if (gate.Passages.Count == 0)
            {
                Run(_allDecided, transaction, gate.Gate);
                continue;
            }
            UndecidedRow[] rows = [.. gate.Passages.Select(p => new UndecidedRow(p.From, p.To, [.. p.Tags.Select(t => new UndecidedItem(t.Epc.ToHex(), t.Epc.Bits, t.Reads, t.StrongestDbm, t.At))]))];
            Run(_undecided, transaction, gate.Gate, JsonSerializer.SerializeToUtf8Bytes(rows, UndecidedJson.Default.UndecidedRowArray));
        }
    }

    /// <summary>Oldest first; a row that cannot be read is passed over.</summary>
    public static IReadOnlyList<UndecidedPassage> ReadUndecided(SqliteConnection connection)
    {
        using var read = connection.CreateCommand();
        read.CommandText = "SELECT gate, json FROM undecided ORDER BY gate";
        using var rows = read.ExecuteReader();
        var passages = new List<UndecidedPassage>();
        while (rows.Read())
        {
            string gate = rows.GetString(0);
            passages.AddRange(ParseUndecided(rows.GetFieldValue<byte[]>(1)).Select(p => new UndecidedPassage(
                gate, p.From, p.To, [.. p.Tags.Select(t => new UndecidedTag(new Epc(Convert.FromHexString(t.Epc), t.Bits), t.Reads, t.StrongestDbm, t.At))])));
        }
        return passages;
    }

    private static UndecidedRow[] ParseUndecided(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, UndecidedJson.Default.UndecidedRowArray) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private void PrepareUndecided()
    {
        Execute("CREATE TABLE IF NOT EXISTS undecided(gate TEXT PRIMARY KEY, json BLOB NOT NULL) WITHOUT ROWID");
        _undecided = Command("INSERT INTO undecided(gate, json) VALUES ($gate,$json) ON CONFLICT(gate) DO UPDATE SET json=excluded.json", "$gate", "$json");
        _allDecided = Command("DELETE FROM undecided WHERE gate=$gate", "$gate");
    }
}

internal sealed record UndecidedItem(string Epc, int Bits, int Reads, float StrongestDbm, DateTimeOffset At);

internal sealed record UndecidedRow(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<UndecidedItem> Tags);

[JsonSourceGenerationOptions]
[JsonSerializable(typeof(UndecidedRow[]))]
internal sealed partial class UndecidedJson : JsonSerializerContext;
