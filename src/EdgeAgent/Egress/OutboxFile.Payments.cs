using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Privacy;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

// The keys of all bags that were decided, longer than their events are kept, and what came of their payment. The newest 200,000, less in a
// small outbox: they may take an eighth of it. An older one is not known any more.
internal sealed partial class OutboxFile
{
    private const int MostDecided = 200_000;
    private const int DecidedBytes = 96;

    private SqliteCommand _decide = null!;
    private SqliteCommand _forgetDecided = null!;
    private SqliteCommand _pay = null!;

    public void KeepDecided(SqliteTransaction transaction, IReadOnlyList<EgressEvent> events)
    {
        bool any = false;
        foreach (EgressEvent happened in events)
        {
            if (happened.SettlementKey is string key)
            {
                Run(_decide, transaction, key);
                KeepCharged(transaction, happened);
                any = true;
            }
        }
        if (any)
        {
            Run(_forgetDecided, transaction);
        }
    }

    public void KeepPayment(SqliteTransaction transaction, string key, PaymentResult result) => Run(_pay, transaction, key, (int)result);

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
        _forgetDecided = Command($"DELETE FROM decided WHERE id <= (SELECT max(id) FROM decided) - {most}");
    }
}
