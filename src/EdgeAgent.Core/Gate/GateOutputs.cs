using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Gate;

/// <summary>What a gate switches: its lamp and its lock, and which bags of late they may still hear of.</summary>
internal sealed class GateOutputs(GateConfig gate)
{
    private const int MostRemembered = 64;

    private readonly GateLamp? _lamp = gate.Lamp is LampConfig lamp ? new GateLamp(lamp) : null;
    private readonly GateInterlock? _lock = gate.Interlock is InterlockConfig interlock ? new GateInterlock(interlock) : null;
    private readonly Queue<string> _bags = new();

    /// <summary>The events from <paramref name="first"/> on are what one passage came to.</summary>
    public void Passed(int first, DateTimeOffset now, bool payable, List<ShopEvent> events)
    {
        if (_lamp is null && _lock is null)
        {
            return;
        }
        ShopEvent[] decided = [.. events.Skip(first)];
        foreach (ShopEvent happened in decided)
        {
            _lamp?.Show(happened, events);
            if ((happened as ShopEvent.ExitHeld)?.SettlementKey is string held)
            {
                Remember(held);
            }
            else if ((happened as ShopEvent.ExitSettled)?.SettlementKey is string settled)
            {
                Remember(settled);
            }
        }
        _lock?.Passed(decided, now, payable, events);
    }

    /// <summary>What became of a payment; nothing for a bag of another gate.</summary>
    public void Told(ShopInput.PaymentTold payment, List<ShopEvent> events)
    {
        if (payment.Result is PaymentResult.Paid or PaymentResult.Cleared)
        {
            _lock?.Cleared(payment.SettlementKey, payment.At, events);
        }
        else if (payment.Result == PaymentResult.Declined && _bags.Contains(payment.SettlementKey))
        {
            _lamp?.Declined(payment.At, events);
        }
    }

    public void Tick(DateTimeOffset now, bool fault, List<ShopEvent> events)
    {
        _lamp?.Tick(now, events);
        _lock?.Tick(now, fault, events);
    }

    /// <summary>Lamp off and lock open.</summary>
    public void Off(DateTimeOffset now, List<ShopEvent> events)
    {
        _lamp?.Off(now, events);
        _lock?.Off(now, events);
    }

    private void Remember(string key)
    {
        _bags.Enqueue(key);
        if (_bags.Count > MostRemembered)
        {
            _bags.Dequeue();
        }
    }
}
