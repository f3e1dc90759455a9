using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Egress;

namespace EdgeAgent.Commands;

/// <summary>Which gates are disarmed, kept beside the events: a restart does not arm a gate that somebody disarmed.</summary>
internal sealed class GateArming(Outbox outbox, ChannelWriter<ShopInput> shop, TimeProvider time)
{
    private const string Key = "gates_disarmed";

    private readonly SortedSet<string> _disarmed = new((outbox.Get(Key) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);

    /// <summary>Tells the shop what was disarmed before this start, or before it was set up anew.</summary>
    public async Task RestoreAsync(CancellationToken ct)
    {
        foreach (string gate in Disarmed())
        {
            await shop.WriteAsync(new ShopInput.GateArmed(time.GetUtcNow(), gate, Armed: false), ct);
        }
    }

    public bool IsDisarmed(string gate) => Disarmed().Contains(gate);

    /// <summary>On disk before the shop is told. False when it was so already; the shop is told again all the same.</summary>
    public async Task<bool> SetAsync(string gate, bool armed, CancellationToken ct)
    {
        bool changed;
        string text;
        lock (_disarmed)
        {
            changed = armed ? _disarmed.Remove(gate) : _disarmed.Add(gate);
            text = string.Join(' ', _disarmed);
        }
        await outbox.PutAsync(Key, text, ct);
        await shop.WriteAsync(new ShopInput.GateArmed(time.GetUtcNow(), gate, armed), ct);
        return changed;
    }

    private string[] Disarmed()
    {
        lock (_disarmed)
        {
            return [.. _disarmed];
        }
    }
}
