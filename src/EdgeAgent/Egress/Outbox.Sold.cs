using EdgeAgent.Core.Checkout;

namespace EdgeAgent.Egress;

internal sealed partial class Outbox
{
    /// <summary>What was sold before this start, oldest first: it goes back into the shop's memory, so that nothing is sold twice.</summary>
    public IReadOnlyList<SoldItem> ReadSold()
    {
        lock (_readTurn)
        {
            return OutboxFile.ReadSold(_readers.Connection);
        }
    }

    /// <summary>Decisions from before this start that may still be corrected, oldest first, each with the id of its event.</summary>
    public IReadOnlyList<(Guid Event, OpenDecision Decision)> ReadOpen()
    {
        lock (_readTurn)
        {
            return OutboxFile.ReadOpen(_readers.Connection);
        }
    }
}
