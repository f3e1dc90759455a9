using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using EdgeAgent.Torture.Children;
using EdgeAgent.Torture.Faults;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Torture.Trials;

/// <summary>The power goes while a new agent brings an outbox of the first version up to its own: the file is as it was or as it is now, and says so.</summary>
internal static class MigrationCuts
{
    private const int Rows = 3000;

    // The form of version 1, as agents of then wrote it.
    private const string FirstVersion =
        """
        PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
        CREATE TABLE kv(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        INSERT INTO kv VALUES ('epoch', '7');
        PRAGMA application_id=1397969986; PRAGMA user_version=1;
        """;

    public static async Task<Finding> RunAsync(int cuts)
    {
        using var disk = new LoopDisk(128);
        var dice = new Dice(3);
        var broken = new List<string>();
        int old = 0, number = 0;
        await using var children = new Prestarted(() => new AppendingChild(new ChildOrders(disk[$"outbox-{++number}.db"])));
        for (int cut = 1; cut <= cuts; cut++)
        {
            using AppendingChild child = await children.TakeAsync();
            string db = disk[$"outbox-{cut}.db"];
            WriteFirstVersion(db);
            child.Go();
            await Task.Delay(TimeSpan.FromMilliseconds(dice.Between(0, 60)), TimeProvider.System);
            disk.CutPower();
            await child.KillAsync();
            disk.PowerOn();
            old += Version(db) == 1 ? 1 : 0;
            await using (Outbox outbox = Outbox.Open(db, new OutboxConfig(), null, TimeProvider.System, NullLogger<Outbox>.Instance))
            {
                int found = OutboxFile.Lanes.Sum(lane => outbox.ReadWaiting(lane, 0, int.MaxValue).Count(row => row.Epoch == 7));
                if (outbox.QuarantinedFile is not null || found != Rows)
                {
                    broken.Add($"Cut {cut}: {found} of {Rows} events were found{(outbox.QuarantinedFile is null ? "" : ", and the file was damaged")}.");
                }
                if (outbox.Epoch <= 7)
                {
                    broken.Add($"Cut {cut}: the boot counter went back to {outbox.Epoch}.");
                }
            }
            File.Delete(db);
        }
        return new Finding(broken, FormattableString.Invariant($"{cuts} cuts while {Rows} events were brought up: {old} files were as before, {cuts - old} as now, all events in each"));
    }

    private static void WriteFirstVersion(string db)
    {
        using SqliteConnection connection = OutboxFile.Open(db, SqliteOpenMode.ReadWriteCreate);
        Run(connection, FirstVersion);
        var events = new ShopEvents(7);
        int id = 0;
        foreach (Lane lane in OutboxFile.Lanes)
        {
            string table = OutboxFile.Table(lane);
            Run(connection,
                $"""
                CREATE TABLE {table}(
                  id INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, event_id BLOB NOT NULL, lane INTEGER NOT NULL,
                  topic TEXT NOT NULL, retain INTEGER NOT NULL, envelope BLOB NOT NULL,
                  committed_at INTEGER NOT NULL, since_s INTEGER NOT NULL, state INTEGER NOT NULL);
                CREATE INDEX {table}_waiting ON {table}(id) WHERE state = 0;
                """);
        }
        using SqliteTransaction transaction = connection.BeginTransaction();
        while (id < Rows)
        {
            EgressEvent happened = events.Next();
            using SqliteCommand insert = connection.CreateCommand();
            insert.Transaction = transaction;
            insert.CommandText = $"INSERT INTO {OutboxFile.Table(happened.Lane)} VALUES ({++id}, 7, {happened.Seq}, $event, {(int)happened.Lane}, $topic, 0, $envelope, 0, 0, 0)";
            insert.Parameters.AddWithValue("$event", happened.Id.ToByteArray(bigEndian: true));
            insert.Parameters.AddWithValue("$topic", happened.Topic);
            insert.Parameters.AddWithValue("$envelope", happened.Envelope.ToArray());
            insert.ExecuteNonQuery();
        }
        transaction.Commit();
    }

    private static long Version(string db)
    {
        using SqliteConnection connection = OutboxFile.Open(db, SqliteOpenMode.ReadOnly);
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return (long)command.ExecuteScalar()!;
    }

    private static void Run(SqliteConnection connection, string text)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
