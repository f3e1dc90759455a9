using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Gate;

/// <summary>
/// The lock of one gate, at an output of a reader: on keeps it shut, off lets it open, so that whatever takes the power away opens it. Shut while
/// nothing is wrong; opened for a while when a bag is settled or paid, when nothing to bill passed, and as long as anything is not in order.
/// </summary>
/// <remarks>
/// A held bag keeps it shut until somebody clears it, but never for longer than its <c>heldSeconds</c>. While it is shut that is said again each
/// second: a reader that can opens it by itself when nobody says so any more.
/// </remarks>
internal sealed class GateInterlock(InterlockConfig config)
{
    // Bags that passed and did not open it yet. More than fit before any gate.
    private const int MostWaiting = 64;

    private readonly Queue<(string Key, DateTimeOffset Until)> _waiting = new();
    private DateTimeOffset? _openUntil;

    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(1);
    private DateTimeOffset _saidAt;

    // What the reader was told last. It begins open: a reader sets its outputs off when the agent connects.
    private bool _isShut;

    /// <summary>What one passage came to.</summary>
    /// <param name="payable">False when nobody could be asked for money now: the line to the broker is down.</param>
    public void Passed(ReadOnlySpan<ShopEvent> decided, DateTimeOffset now, bool payable, List<ShopEvent> events)
    {
        bool opens = false;
        foreach (ShopEvent happened in decided)
        {
            switch (happened)
            {
                case ShopEvent.ExitHeld held:
                    Wait(held.SettlementKey, now);
                    return;
                case ShopEvent.ExitSettled settled when config.Opens == InterlockRule.Paid && settled.Payment.Due > 0 && payable:
                    Wait(settled.SettlementKey, now);
                    return;
                case ShopEvent.ExitSettled or ShopEvent.ExitObserved:
                    opens = true;
                    break;
                default:
                    break;
            }
        }
        if (opens)
        {
            Open(now, events);
        }
    }

    /// <summary>Somebody paid for a bag, or let it go. A bag that is not known here opens nothing.</summary>
    public void Cleared(string key, DateTimeOffset now, List<ShopEvent> events)
    {
        if (_waiting.Any(bag => bag.Key == key))
        {
            Open(now, events);
        }
    }

    /// <param name="fault">Something at this gate is not in order: it stays open until it is again.</param>
    public void Tick(DateTimeOffset now, bool fault, List<ShopEvent> events)
    {
        while (_waiting.TryPeek(out (string, DateTimeOffset Until) bag) && now >= bag.Until)
        {
            _waiting.Dequeue();
            Open(now, events);
        }
        Set(!fault && (_openUntil is null || now >= _openUntil), now, events);
    }

    /// <summary>Open at once, for good: the agent stops, or the lock is wired elsewhere from now on.</summary>
    public void Off(DateTimeOffset now, List<ShopEvent> events) => Set(shut: false, now, events);

    private void Wait(string key, DateTimeOffset now)
    {
        _waiting.Enqueue((key, now.AddSeconds(config.HeldSeconds)));
        if (_waiting.Count > MostWaiting)
        {
            _waiting.Dequeue();
        }
    }

    private void Open(DateTimeOffset now, List<ShopEvent> events)
    {
        _openUntil = now.AddSeconds(config.Seconds);
        Set(shut: false, now, events);
    }

    private void Set(bool shut, DateTimeOffset now, List<ShopEvent> events)
    {
        if (shut != _isShut || (shut && now - _saidAt >= s_again))
        {
            (_isShut, _saidAt) = (shut, now);
            events.Add(new ShopEvent.OutputWanted(now, config.Reader, config.Port, On: shut));
        }
    }
}
