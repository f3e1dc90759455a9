using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Rfid.Epcs;

namespace EdgeAgent.Egress;

// Written beside the shop, so that a disk that stalls holds up no gate.
internal sealed partial class EvidenceStore
{
    /// <summary>Decisions that may wait for the disk; the newest is lost, and counted, when so many do.</summary>
    public const int Waiting = 256;

    private readonly Channel<Evidence> _later = Channel.CreateBounded<Evidence>(new BoundedChannelOptions(Waiting) { SingleReader = true });

    /// <summary>As <see cref="Keep"/>, but never waits for the disk; <see cref="WriteAsync"/> does it.</summary>
    public void KeepLater(ShopEvent happened, Guid? id)
    {
        if (EvidenceJson.Of(happened, id, epc => EpcIdentity.Identify(epc).Gtin) is byte[] json && !_later.Writer.TryWrite(new Evidence(happened.GetType().Name, id, json)))
        {
            Interlocked.Increment(ref _lost);
        }
    }

    /// <summary>Writes what was kept for later until <see cref="EndLater"/>, and then what is left.</summary>
    public async Task WriteAsync()
    {
        await foreach (Evidence evidence in _later.Reader.ReadAllAsync())
        {
            Write(evidence);
        }
    }

    public void EndLater() => _later.Writer.TryComplete();

    private sealed record Evidence(string Decision, Guid? Event, byte[] Json);
}
