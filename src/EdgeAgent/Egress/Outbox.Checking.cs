using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

// A large file is looked through for damage while the agent works with it. When there is some the outbox ends, the agent is started anew, and
// that start puts the file aside and takes over what it still says.
internal sealed partial class Outbox
{
    private static readonly TimeSpan s_checkAfter = TimeSpan.FromMinutes(1);

    private readonly Task _checking;

    /// <summary>Begun <paramref name="after"/> the opening: the first minute belongs to what waits.</summary>
    internal async Task CheckLargeFileAsync(string path, TimeSpan after)
    {
        try
        {
            if (DamageCheck.IsDueAtOpening(path))
            {
                return; // it was
            }
            await Task.Delay(after, _time, _closing.Token);
            using var connection = OutboxFile.Open(path, SqliteOpenMode.ReadOnly);
            using var stop = _closing.Token.Register(() => SQLitePCL.raw.sqlite3_interrupt(connection.Handle));
            await Task.Run(() => DamageCheck.Run(connection), CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
        }
        catch (SqliteException e) when (DamageCheck.IsDamage(e))
        {
            DamageCheck.Suspect(path);
            LogDamaged(_log, e, path);
            _queue.Writer.TryComplete(new OutboxException($"The outbox {path} is damaged: {e.Message} Restart the agent; the file is then put aside.", e));
        }
        catch (SqliteException)
        {
            // Interrupted, or the disk is away: that is seen by whoever writes.
        }
    }
}
