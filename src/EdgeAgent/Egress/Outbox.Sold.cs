using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Gate;

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

    /// <summary>What was in the gates and not decided when the agent stopped, oldest first.</summary>
    public IReadOnlyList<UndecidedPassage> ReadUndecided()
    {
        lock (_readTurn)
        {
            return OutboxFile.ReadUndecided(_readers.Connection);
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
