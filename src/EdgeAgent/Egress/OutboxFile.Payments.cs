using EdgeAgent.Core;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Privacy;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

// The keys of all bags that were decided, longer than their events are kept, and what came of their payment. The newest 200,000, less in a
// small outbox: they may take an eighth of it. An older one is not known any more. And the goods of bags that are held, until somebody pays for
// them or lets them go: the newest 50,000 goods, less in a small outbox, a sixteenth of it. EPCs stay in this file and are never sent.
internal sealed partial class OutboxFile
{
    private const int MostDecided = 200_000;
    private const int DecidedBytes = 96;
    private const int MostHeld = 50_000;
    private const int HeldBytes = 128;

    private SqliteCommand _decide = null!;
    private SqliteCommand _forgetDecided = null!;
    private SqliteCommand _pay = null!;
    private SqliteCommand _keepHeld = null!;
    private SqliteCommand _endHeld = null!;
    private SqliteCommand _forgetHeld = null!;

    public void KeepDecided(SqliteTransaction transaction, IReadOnlyList<EgressEvent> events)
    {
        bool any = false;
        foreach (EgressEvent happened in events)
        {
            if (happened.SettlementKey is string key)
            {
                Run(_decide, transaction, key);
                any = true;
            }
            KeepCharged(transaction, happened);
        }
        if (any)
        {
            Run(_forgetDecided, transaction);
        }
    }

    public void KeepPayment(SqliteTransaction transaction, ShopEvent.PaymentTaken taken)
    {
        (string key, PaymentResult result) = (taken.SettlementKey, taken.Result);
        Run(_pay, transaction, key, (int)result);
        foreach (Epc epc in taken.Bought)
        {
            Run(_sell, transaction, Key(epc), taken.At.ToUnixTimeMilliseconds(), SoldItem.BagOf(key));
        }
        foreach (Epc epc in taken.Returned)
        {
            Run(_takeBack, transaction, Key(epc));
        }
        if (result is PaymentResult.Paid or PaymentResult.Cleared or PaymentResult.Refunded)
        {
            Run(_forgetSold, transaction);
            Run(_endHeld, transaction, key);
        }
    }

    /// <summary>Goods of a bag that was held and for which nobody has paid yet, as its latest correction left them.</summary>
    public static IReadOnlyList<Epc> ReadHeld(SqliteConnection connection, string key)
    {
        using var read = connection.CreateCommand();
        read.CommandText = "SELECT epc FROM held WHERE key=$key ORDER BY id";
        read.Parameters.AddWithValue("$key", key);
        using var rows = read.ExecuteReader();
        var held = new List<Epc>();
        while (rows.Read())
        {
            held.Add(EpcOf(rows.GetFieldValue<byte[]>(0)));
        }
        return held;
    }

    private void KeepHeld(SqliteTransaction transaction, OpenDecision decision)
    {
        if (decision.Settled || decision.Paid)
        {
            return;
        }
        if (decision.Revision > 0)
        {
            Run(_endHeld, transaction, decision.Key);
        }
        foreach (BagItem item in decision.Items)
        {
            Run(_keepHeld, transaction, decision.Key, Key(item.Epc));
        }
        Run(_forgetHeld, transaction);
    }

    /// <summary>Whether a bag with that key was decided here, and what is known of its payment.</summary>
    public static (bool Decided, PaymentResult? Known) ReadPayment(SqliteConnection connection, string key)
    {
        using var read = connection.CreateCommand();
        read.CommandText = "SELECT result FROM decided WHERE key=$key";
        read.Parameters.AddWithValue("$key", key);
        using var rows = read.ExecuteReader();
        return rows.Read() ? (true, rows.IsDBNull(0) ? null : (PaymentResult)rows.GetInt32(0)) : (false, null);
    }

    private void PreparePayments(int maxMegabytes)
    {
        long most = Math.Min(MostDecided, maxMegabytes * (1024L * 1024 / 8 / DecidedBytes));
        Execute("CREATE TABLE IF NOT EXISTS decided(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, result INTEGER)");
        _decide = Command("INSERT INTO decided(key) VALUES ($key) ON CONFLICT(key) DO NOTHING", "$key");
        _pay = Command("UPDATE decided SET result=$result WHERE key=$key", "$key", "$result");
        long mostHeld = Math.Min(MostHeld, maxMegabytes * (1024L * 1024 / 16 / HeldBytes));
        Execute("CREATE TABLE IF NOT EXISTS held(id INTEGER PRIMARY KEY, key TEXT NOT NULL, epc BLOB NOT NULL); CREATE INDEX IF NOT EXISTS held_key ON held(key)");
        _keepHeld = Command("INSERT INTO held(key, epc) VALUES ($key,$epc)", "$key", "$epc");
        _endHeld = Command("DELETE FROM held WHERE key=$key", "$key");
        _forgetHeld = Command($"DELETE FROM held WHERE id <= (SELECT max(id) FROM held) - {mostHeld}");
        _forgetDecided = Command($"DELETE FROM decided WHERE id <= (SELECT max(id) FROM decided) - {most}");
    }
}
