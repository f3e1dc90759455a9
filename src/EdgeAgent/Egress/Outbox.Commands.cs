using EdgeAgent.Core;
using EdgeAgent.Core.Commands;

namespace EdgeAgent.Egress;

internal sealed partial class Outbox
{
    /// <summary>Seconds that this outbox has been open since it was made, over all starts; up to ten minutes are lost by a power cut.</summary>
    public long RunningNow => RunningSeconds();

    /// <summary>Completes when the command stands on disk, and those that are forgotten for it do not any more.</summary>
    public Task KeepCommandAsync(CommandRow row, IReadOnlyList<string> forget, CancellationToken ct) => QueueAsync(new CommandWork(row, forget), ct);

    /// <summary>What was begun before, in that order. At the start, before anything is kept.</summary>
    public IReadOnlyList<CommandRow> ReadCommands()
    {
        lock (_readTurn)
        {
            return OutboxFile.ReadCommands(_readers.Connection);
        }
    }

    /// <summary>Whether a bag with that settlement key was decided on this box, and what came of its payment; null while nobody has said.</summary>
    public (bool Decided, PaymentResult? Known) ReadPayment(string settlementKey)
    {
        lock (_readTurn)
        {
            return OutboxFile.ReadPayment(_readers.Connection, settlementKey);
        }
    }

    /// <summary>Goods of a bag that is held, for which nobody has paid yet; empty for another bag.</summary>
    public IReadOnlyList<Epc> ReadHeld(string settlementKey)
    {
        lock (_readTurn)
        {
            return OutboxFile.ReadHeld(_readers.Connection, settlementKey);
        }
    }

    /// <summary>Nothing for a key that is not known. What is bought by it is sold, and what is given back is not any more, in the same transaction.</summary>
    public Task KeepPaymentAsync(ShopEvent.PaymentTaken taken, CancellationToken ct) => QueueAsync(new PaymentWork(taken), ct);

    private sealed record PaymentWork(ShopEvent.PaymentTaken Taken) : OutboxWork.Beside
    {
        public override long Bytes => 256L + (64L * (Taken.Bought.Count + Taken.Returned.Count));

        public override void Write(OutboxFile file, Microsoft.Data.Sqlite.SqliteTransaction transaction) => file.KeepPayment(transaction, Taken);
    }

    private sealed record CommandWork(CommandRow Row, IReadOnlyList<string> Forget) : OutboxWork.Beside
    {
        public override long Bytes => 256L + (Row.Body?.Length ?? 0) + (Row.Answer?.Length ?? 0);

        public override void Write(OutboxFile file, Microsoft.Data.Sqlite.SqliteTransaction transaction)
        {
            foreach (var key in Forget)
            {
                file.ForgetCommand(transaction, key);
            }
            file.KeepCommand(transaction, Row);
        }
    }
}
