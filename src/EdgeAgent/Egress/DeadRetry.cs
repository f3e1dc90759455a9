using EdgeAgent.Core.Privacy;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

/// <summary>Has dead letters tried again, on the file of a stopped agent: it sends them when it is started.</summary>
internal static class DeadRetry
{
    /// <param name="ids">Which; null for all.</param>
    /// <returns>Their ids: the hash chain has passed them, so a verifier must be told.</returns>
    /// <exception cref="OutboxException">The agent runs, the file cannot be written, or one of the ids is no dead letter.</exception>
    public static IReadOnlyList<Guid> Run(string stateFolder, IReadOnlyList<Guid>? ids)
    {
        var path = OutboxView.FileIn(stateFolder);
        using var held = OutboxOpening.Hold(path);
        try
        {
            using var file = new OutboxFile(path, maxMegabytes: 4096);
            using var transaction = file.Begin();
            var revived = OutboxFile.Lanes.SelectMany(lane => file.Revive(transaction, lane, ids)).ToList();
            if (ids?.Except(revived).Select(id => (Guid?)id).FirstOrDefault() is { } unknown)
            {
                throw new OutboxException($"{unknown} is no dead letter of {path}; `outbox dead` lists those there are. Nothing was changed.");
            }
            transaction.Commit();
            return revived;
        }
        catch (SqliteException e)
        {
            throw OutboxOpening.Unusable(path, e);
        }
    }
}
