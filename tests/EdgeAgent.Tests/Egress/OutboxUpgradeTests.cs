using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Tests.Egress;

public sealed class OutboxUpgradeTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Db => _folder["outbox.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_of_the_first_version_goes_on_with_all_its_events()
    {
        MakeVersion1();
        await using Outbox outbox = Some.Outbox(Db);

        Assert.Null(outbox.QuarantinedFile);
        Assert.Equal(5, outbox.Epoch);
        Assert.Equal([2L], outbox.ReadWaiting(Lane.Settlement, 0, 10).Select(e => e.Seq));
        Assert.Equal([3L], outbox.ReadWaiting(Lane.Visit, 0, 10).Select(e => e.Seq));
        Assert.Equal((2L, 1L, 1L), (outbox.Waiting(), outbox.DeadIn(Lane.Visit), outbox.Unconfirmed));
        // The copy that had left before the chain began is owed as any other, and is never taken into the chain.
        Assert.Equal(1, await outbox.SessionLostAsync(CancellationToken.None));
        await outbox.MarkAckedAsync(outbox.ReadOwed(0, 10), CancellationToken.None);
        Assert.All(outbox.Heads(), head => Assert.Equal((0L, 5L), (head.Count, head.Began)));
    }

    [Fact]
    public void An_upgrade_that_was_cut_short_leaves_the_old_file()
    {
        MakeVersion1();
        byte[] before = File.ReadAllBytes(Db);
        // The transaction of an upgrade, without its end: what a power cut leaves behind.
        using (SqliteConnection half = OutboxFile.Open(Db, SqliteOpenMode.ReadWrite))
        {
            using SqliteTransaction never = half.BeginTransaction();
            Execute(half, "ALTER TABLE visit ADD COLUMN key TEXT", never);
        }
        Assert.Equal(before, File.ReadAllBytes(Db));
        using SqliteConnection look = OutboxFile.Open(Db, SqliteOpenMode.ReadOnly);
        using SqliteCommand version = look.CreateCommand();
        version.CommandText = "PRAGMA user_version";
        Assert.Equal(1L, version.ExecuteScalar());
    }

    [Fact]
    public void A_file_of_a_newer_agent_is_refused_in_one_sentence_and_left_alone()
    {
        MakeVersion1();
        using (SqliteConnection newer = OutboxFile.Open(Db, SqliteOpenMode.ReadWrite))
        {
            Execute(newer, "PRAGMA user_version=99");
        }
        byte[] before = File.ReadAllBytes(Db);
        OutboxException error = Assert.Throws<OutboxException>(() => Some.Outbox(Db));
        Assert.Contains("version 99", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Db));
    }

    /// <summary>As the agent of decision 0005 left it: a copy and a waiting settlement, a waiting and a dead visit.</summary>
    private void MakeVersion1()
    {
        using SqliteConnection old = OutboxFile.Open(Db, SqliteOpenMode.ReadWriteCreate);
        foreach (string table in new[] { "settlement", "visit", "observation" })
        {
            Execute(old, $"""
                CREATE TABLE {table}(
                  id INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, event_id BLOB NOT NULL, lane INTEGER NOT NULL,
                  topic TEXT NOT NULL, retain INTEGER NOT NULL, envelope BLOB NOT NULL,
                  committed_at INTEGER NOT NULL, since_s INTEGER NOT NULL, state INTEGER NOT NULL);
                CREATE INDEX {table}_waiting ON {table}(id) WHERE state = 0;
                """);
        }
        Execute(old, "CREATE TABLE kv(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID; INSERT INTO kv VALUES ('epoch','4'),('running_s','1000')");
        Row(old, Lane.Settlement, 1, state: 1);
        Row(old, Lane.Settlement, 2, state: 0);
        Row(old, Lane.Visit, 3, state: 0);
        Row(old, Lane.Visit, 4, state: 2);
        Execute(old, $"PRAGMA application_id={0x53535442}; PRAGMA user_version=1");
    }

    private static void Row(SqliteConnection old, Lane lane, long seq, int state)
    {
        EgressEvent happened = Some.Event(seq, lane);
        using SqliteCommand insert = old.CreateCommand();
        insert.CommandText = $"INSERT INTO {OutboxFile.Table(lane)} VALUES ({seq},4,{seq},$id,{(int)lane},'{happened.Topic}',0,$envelope,0,990,{state})";
        insert.Parameters.AddWithValue("$id", happened.Id.ToByteArray(bigEndian: true));
        insert.Parameters.AddWithValue("$envelope", happened.Envelope.ToArray());
        insert.ExecuteNonQuery();
    }

    private static void Execute(SqliteConnection connection, string text, SqliteTransaction? transaction = null)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }
}
