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
}
