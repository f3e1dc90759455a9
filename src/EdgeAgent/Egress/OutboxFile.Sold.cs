using EdgeAgent.Core;
using EdgeAgent.Core.Checkout;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

// Items that were sold, beside the settlements that sold them. The newest 200,000, less in a small outbox: they may take a quarter of it.
// An older one is forgotten. EPCs stay in this file and are never sent.
internal sealed partial class OutboxFile
{
    private const int RowBytes = 96;

    private SqliteCommand _sell = null!;
    private SqliteCommand _cameIn = null!;
    private SqliteCommand _takeBack = null!;
    private SqliteCommand _forgetSold = null!;

    public void KeepSold(SqliteTransaction transaction, SoldRows? rows)
    {
        if (rows is null)
        {
            return;
        }
        foreach ((Epc epc, DateTimeOffset at) in rows.Sold)
        {
            Run(_sell, transaction, Key(epc), at.ToUnixTimeMilliseconds());
        }
        foreach (Epc epc in rows.CameIn)
        {
            Run(_cameIn, transaction, Key(epc));
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
        read.CommandText = "SELECT epc, at_ms, came_back FROM sold ORDER BY id";
        using var rows = read.ExecuteReader();
        var sold = new List<SoldItem>();
        while (rows.Read())
        {
            sold.Add(new SoldItem(EpcOf(rows.GetFieldValue<byte[]>(0)), DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(1)), rows.GetInt64(2) != 0));
        }
        return sold;
    }

    private void PrepareSold(int maxMegabytes)
    {
        long most = Math.Min(SoldMemory.Most, maxMegabytes * (1024L * 1024 / 4 / RowBytes));
        Execute("CREATE TABLE IF NOT EXISTS sold(id INTEGER PRIMARY KEY, epc BLOB NOT NULL UNIQUE, at_ms INTEGER NOT NULL, came_back INTEGER NOT NULL)");
        _sell = Command("INSERT INTO sold(epc, at_ms, came_back) VALUES ($epc,$at,0) ON CONFLICT(epc) DO NOTHING", "$epc", "$at");
        _cameIn = Command("UPDATE sold SET came_back=1 WHERE epc=$epc", "$epc");
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
