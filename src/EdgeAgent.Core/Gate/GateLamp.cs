using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Gate;

/// <summary>The lamp or buzzer of one gate: on at the decisions it is configured for, off a while later.</summary>
internal sealed class GateLamp(LampConfig lamp)
{
    private DateTimeOffset? _offAt;

    public void Show(ShopEvent happened, List<ShopEvent> events)
    {
        bool shows = happened switch
        {
            ShopEvent.ExitSettled => Shows(LampReason.Settled),
            ShopEvent.ExitHeld held => Shows(LampReason.Held) || (Shows(LampReason.Unpaid) && held.Reasons.Contains(HoldReason.NoShopper)),
            _ => false,
        };
        if (shows)
        {
            Shine(happened.At, events);
        }
    }

    /// <summary>The payment of a bag that passed here was declined.</summary>
    public void Declined(DateTimeOffset now, List<ShopEvent> events)
    {
        if (Shows(LampReason.Declined))
        {
            Shine(now, events);
        }
    }

    public void Tick(DateTimeOffset now, List<ShopEvent> events)
    {
        if (_offAt is DateTimeOffset off && now >= off)
        {
            _offAt = null;
            events.Add(new ShopEvent.OutputWanted(now, lamp.Reader, lamp.Port, On: false));
        }
    }

    /// <summary>Off at once: the lamp is wired elsewhere, or nowhere, from now on.</summary>
    public void Off(DateTimeOffset now, List<ShopEvent> events)
    {
        if (_offAt is not null)
        {
            _offAt = null;
            events.Add(new ShopEvent.OutputWanted(now, lamp.Reader, lamp.Port, On: false));
        }
    }

    private void Shine(DateTimeOffset now, List<ShopEvent> events)
    {
        if (_offAt is null)
        {
            events.Add(new ShopEvent.OutputWanted(now, lamp.Reader, lamp.Port, On: true));
        }
        _offAt = now.AddSeconds(lamp.Seconds);
    }

    private bool Shows(LampReason reason) => lamp.On.Contains(reason);
}
