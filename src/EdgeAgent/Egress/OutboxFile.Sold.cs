using EdgeAgent.Core;
using EdgeAgent.Core.Checkout;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

// Items that were sold, beside the settlements that sold them. The newest 200,000, less in a small outbox: they may take a quarter of it.
// An older one is forgotten. EPCs stay in this file and are never sent.
internal sealed partial class OutboxFile
{
    private const int RowBytes = 96;

    // Bits of the column came_back.
    private const int CameBack = 1;
    private const int Inside = 2;

    private SqliteCommand _sell = null!;
    private SqliteCommand _cameIn = null!;
    private SqliteCommand _inside = null!;
    private SqliteCommand _wentOut = null!;
    private SqliteCommand _takeBack = null!;
    private SqliteCommand _forgetSold = null!;

    public void KeepSold(SqliteTransaction transaction, SoldRows? rows)
    {
        if (rows is null)
        {
            return;
        }
        foreach (SoldItem item in rows.Sold)
        {
            Run(_sell, transaction, Key(item.Epc), item.At.ToUnixTimeMilliseconds(), item.Bag);
        }
        foreach (Epc epc in rows.CameIn)
        {
            Run(_cameIn, transaction, Key(epc));
        }
        foreach (Epc epc in rows.Inside)
        {
            Run(_inside, transaction, Key(epc));
        }
        foreach (Epc epc in rows.WentOut)
        {
            Run(_wentOut, transaction, Key(epc));
        }
        foreach (Epc epc in rows.TakenBack)
        {
            Run(_takeBack, transaction, Key(epc));
        }
        Run(_forgetSold, transaction);
        KeepOpen(transaction, rows);
        foreach (SoldRows later in rows.Later)
        {
            KeepSold(transaction, later);
        }
        KeepUndecided(transaction, rows.Undecided);
    }

    /// <summary>Oldest first.</summary>
    public static IReadOnlyList<SoldItem> ReadSold(SqliteConnection connection)
    {
        using var read = connection.CreateCommand();
        read.CommandText = "SELECT epc, at_ms, came_back, bag FROM sold ORDER BY id";
        using var rows = read.ExecuteReader();
        var sold = new List<SoldItem>();
        while (rows.Read())
        {
            var where = rows.GetInt64(2);
            sold.Add(new SoldItem(
                EpcOf(rows.GetFieldValue<byte[]>(0)), DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(1)), (where & CameBack) != 0, (where & Inside) != 0, rows.GetInt64(3)));
        }
        return sold;
    }

    private void PrepareSold(int maxMegabytes)
    {
        long most = Math.Min(SoldMemory.Most, maxMegabytes * (1024L * 1024 / 4 / RowBytes));
        Execute("CREATE TABLE IF NOT EXISTS sold(id INTEGER PRIMARY KEY, epc BLOB NOT NULL UNIQUE, at_ms INTEGER NOT NULL, came_back INTEGER NOT NULL)");
        if (Number("SELECT count(*) FROM pragma_table_info('sold') WHERE name='bag'") == 0)
        {
            Execute("ALTER TABLE sold ADD COLUMN bag INTEGER NOT NULL DEFAULT 0");
        }
        _sell = Command("INSERT INTO sold(epc, at_ms, came_back, bag) VALUES ($epc,$at,0,$bag) ON CONFLICT(epc) DO NOTHING", "$epc", "$at", "$bag");
        _cameIn = Command($"UPDATE sold SET came_back={CameBack | Inside} WHERE epc=$epc", "$epc");
        _inside = Command($"UPDATE sold SET came_back=came_back|{Inside} WHERE epc=$epc", "$epc");
        _wentOut = Command($"UPDATE sold SET came_back=came_back&~{Inside} WHERE epc=$epc", "$epc");
        _takeBack = Command("DELETE FROM sold WHERE epc=$epc", "$epc");
        _forgetSold = Command($"DELETE FROM sold WHERE id <= (SELECT max(id) FROM sold) - {most}");
    }

    /// <summary>Rows changed.</summary>
    private static int Run(SqliteCommand command, SqliteTransaction transaction, params ReadOnlySpan<object> values)
    {
        command.Transaction = transaction;
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }
        return command.ExecuteNonQuery();
    }

    /// <summary>Two bytes of length in bits, then the bits: a code of 96 bits is not one of 128 that begins alike.</summary>
    private static byte[] Key(in Epc epc) => [(byte)(epc.Bits >> 8), (byte)epc.Bits, .. epc.Bytes];

    private static Epc EpcOf(byte[] key) => new(key.AsSpan(2), (key[0] << 8) | key[1]);
}
