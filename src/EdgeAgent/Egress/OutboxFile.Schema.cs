using EdgeAgent.Core.Privacy;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

// The form of the file. Version 2 is version 1 and what was added since; a file of version 1 is brought up in one transaction, so that a
// power cut leaves it as it was or as it is now.
internal sealed partial class OutboxFile
{
    private const int ApplicationId = 0x53535442;
    public const int SchemaVersion = 2;

    /// <summary>Rows that left out of turn: an older one of their lane is still unsettled, so they wait to enter the hash chain.</summary>
    private const string IsHeld = "chained=0 AND (state=1 OR state=3)";

    private void Prepare(string path)
    {
        // Damage is looked for before anything is written, so that the quarantined file is the file as it was found.
        if (DamageCheck.IsDueAtOpening(path))
        {
            DamageCheck.Run(_connection);
            DamageCheck.Passed(path);
        }
        var application = Number("PRAGMA application_id");
        var version = Number("PRAGMA user_version");
        var empty = Number("SELECT count(*) FROM sqlite_schema") == 0;
        if (!empty && application != ApplicationId)
        {
            throw new OutboxException($"{path} is a SQLite database of another program, not an outbox: move it away or name another file.");
        }
        if (!empty && version is not (1 or SchemaVersion))
        {
            throw new OutboxException(
                $"{path} is an outbox of version {version} and this agent knows version {SchemaVersion}: run the agent that wrote it, or move the file away.");
        }
        Execute(Settings);
        if (empty || version == 1)
        {
            using var transaction = Begin();
            if (empty)
            {
                Create(transaction);
            }
            Upgrade(transaction);
            Execute($"PRAGMA application_id={ApplicationId}; PRAGMA user_version={SchemaVersion}", transaction);
            transaction.Commit();
        }
    }

    private void Create(SqliteTransaction transaction)
    {
        foreach (var table in s_tables)
        {
            Execute(
                $"""
                CREATE TABLE {table}(
                  id INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, event_id BLOB NOT NULL, lane INTEGER NOT NULL,
                  topic TEXT NOT NULL, retain INTEGER NOT NULL, envelope BLOB NOT NULL,
                  committed_at INTEGER NOT NULL, since_s INTEGER NOT NULL, state INTEGER NOT NULL);
                CREATE INDEX {table}_waiting ON {table}(id) WHERE state = 0;
                """, transaction);
        }
        Execute("CREATE TABLE kv(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID", transaction);
    }

    // key: the settlement key. chained: entered the hash chain, or passed by it. known: the application has it. replays: times it was owed
    // again because a session was lost. due_s: when it last left, or while it is owed, from when on it may be sent. reason: of a dead one.
    private void Upgrade(SqliteTransaction transaction)
    {
        foreach (var table in s_tables)
        {
            Execute(
                $"""
                ALTER TABLE {table} ADD COLUMN key TEXT;
                ALTER TABLE {table} ADD COLUMN chained INTEGER NOT NULL DEFAULT 0;
                ALTER TABLE {table} ADD COLUMN known INTEGER NOT NULL DEFAULT 0;
                ALTER TABLE {table} ADD COLUMN replays INTEGER NOT NULL DEFAULT 0;
                ALTER TABLE {table} ADD COLUMN due_s INTEGER NOT NULL DEFAULT 0;
                ALTER TABLE {table} ADD COLUMN reason INTEGER NOT NULL DEFAULT 0;
                CREATE INDEX {table}_kept ON {table}(state, id) WHERE state<>0;
                CREATE INDEX {table}_held ON {table}(id) WHERE {IsHeld};
                UPDATE {table} SET chained=1, due_s=since_s WHERE state=1 AND state<>0;
                """, transaction);
        }
        Execute(
            """
            CREATE INDEX settlement_key ON settlement(key) WHERE key IS NOT NULL;
            CREATE INDEX settlement_event ON settlement(event_id);
            CREATE TABLE chain(
              lane INTEGER PRIMARY KEY, began INTEGER NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, count INTEGER NOT NULL,
              late INTEGER NOT NULL, head BLOB NOT NULL);
            CREATE TABLE unreported(
              lane INTEGER NOT NULL, epoch INTEGER NOT NULL, from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL, count INTEGER NOT NULL,
              PRIMARY KEY(lane, epoch, from_seq)) WITHOUT ROWID;
            """, transaction);
        foreach (var lane in Lanes)
        {
            Execute($"INSERT INTO chain VALUES ({(int)lane}, 0, 0, 0, 0, 0, zeroblob(32))", transaction);
        }
    }
}
