using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Members;

/// <summary>
/// Greets members: arms a zone when somebody asks for it, and says once that a member has arrived. It knows no visit, no bag and no price:
/// a face pays nothing.
/// </summary>
internal sealed class MemberDesk
{
    // Members remembered as having arrived. More than a store greets in the time of one greeting; beyond it the oldest may be greeted twice.
    private const int MostArrivals = 10_000;

    private FacesConfig? _faces;
    private HashSet<string> _zones;
    private readonly Dictionary<string, DateTimeOffset> _armedUntil = [];
    private readonly Dictionary<MemberRef, DateTimeOffset> _arrivedAt = [];

    public MemberDesk(DeviceConfig config) => (_faces, _zones) = (config.Faces, OptIn(config));

    /// <summary>Goes on with other zones and buttons. A zone that is not opt-in any more is not armed any more; who was greeted stays greeted.</summary>
    public void Use(DeviceConfig config)
    {
        (_faces, _zones) = (config.Faces, OptIn(config));
        foreach (string zone in _armedUntil.Keys.Where(zone => !_zones.Contains(zone)).ToList())
        {
            _armedUntil.Remove(zone);
        }
    }

    /// <summary>A button that is pressed is a gesture where the configuration says so. False for a pin that is no such button.</summary>
    public bool Pin(ShopInput.PinChanged pin, List<ShopEvent> events)
    {
        if (ConsentGesture.Of(_faces, pin) is ShopInput.ConsentGiven consent)
        {
            Arm(consent, events);
        }
        return ConsentGesture.IsButton(_faces, pin);
    }

    /// <summary>False for a zone where nobody may be recognised.</summary>
    public bool Arm(ShopInput.ConsentGiven consent, List<ShopEvent> events)
    {
        if (!_zones.Contains(consent.Zone))
        {
            return false;
        }
        if (!(_armedUntil.TryGetValue(consent.Zone, out DateTimeOffset armed) && armed >= consent.Until))
        {
            _armedUntil[consent.Zone] = consent.Until;
            events.Add(new ShopEvent.FacesArmed(consent.At, consent.Zone, consent.Until));
        }
        return true;
    }

    /// <summary>False where no gesture covers it: whoever recognised there was not asked to.</summary>
    public bool Arrive(ShopInput.MemberSeen seen, List<ShopEvent> events)
    {
        if (!_armedUntil.TryGetValue(seen.Zone, out DateTimeOffset until) || seen.At > until)
        {
            return false;
        }
        TimeSpan repeat = TimeSpan.FromMinutes(_faces!.RepeatMinutes);
        if (_arrivedAt.TryGetValue(seen.Member, out DateTimeOffset before) && seen.At - before < repeat)
        {
            return true;
        }
        if (_arrivedAt.Count >= MostArrivals)
        {
            ForgetOld(seen.At - repeat);
        }
        _arrivedAt[seen.Member] = seen.At;
        events.Add(new ShopEvent.MemberArrived(seen.At, seen.Zone, seen.Member));
        return true;
    }

    private static HashSet<string> OptIn(DeviceConfig config) =>
        config.Faces is null ? [] : [.. config.Cameras.SelectMany(c => c.Zones).Where(z => z.OptIn).Select(z => z.Id)];

    private void ForgetOld(DateTimeOffset before)
    {
        foreach ((MemberRef member, DateTimeOffset at) in _arrivedAt)
        {
            if (at <= before)
            {
                _arrivedAt.Remove(member);
            }
        }
        if (_arrivedAt.Count >= MostArrivals)
        {
            _arrivedAt.Remove(_arrivedAt.MinBy(arrival => arrival.Value).Key);
        }
    }
}
