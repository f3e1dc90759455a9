namespace EdgeAgent.Core.Checkout;

/// <summary>A consented member's word, given elsewhere, that exits may be charged. Holds no payment data and no person: an opaque reference and its limits.</summary>
/// <param name="Reference">Opaque: 1 to 64 of A-Z a-z 0-9 _ -.</param>
/// <param name="Currency">Must be the store's, or the mandate covers nothing.</param>
/// <param name="ExitLimit">The most that one exit may cost, in minor units.</param>
/// <param name="DayLimit">The most that all exits of one UTC day may cost, in minor units.</param>
/// <param name="IssuedAt">Of two that came under one reference the later one holds.</param>
/// <param name="Until">From then on it covers nothing and is forgotten.</param>
public sealed record Mandate(string Reference, string Currency, long ExitLimit, long DayLimit, DateTimeOffset IssuedAt, DateTimeOffset Until);

/// <summary>Why a mandate does not cover an exit; None when it does.</summary>
internal enum MandateFault { None, Unknown, Limit }

/// <summary>The mandates of this box and what was charged to them today. At most <see cref="Most"/>; each ends by itself.</summary>
internal sealed class MandateBook
{
    public const int Most = 10_000;

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <param name="spent">What was charged to it today before the agent started.</param>
    public CheckoutAnswer Put(Mandate mandate, DateTimeOffset now, long spent = 0)
    {
        if (_entries.TryGetValue(mandate.Reference, out Entry? known))
        {
            if (known.Mandate == mandate && !known.Revoked)
            {
                return CheckoutAnswer.Known;
            }
            // What was revoked does not come back by an old word that is sent again.
            if (mandate.IssuedAt <= known.Mandate.IssuedAt)
            {
                return CheckoutAnswer.Contradiction;
            }
            _entries[mandate.Reference] = known with { Mandate = mandate, Revoked = false };
            return CheckoutAnswer.Taken;
        }
        if (_entries.Count >= Most)
        {
            return CheckoutAnswer.Full;
        }
        _entries.Add(mandate.Reference, new Entry(mandate, false, DayOf(now), spent));
        return CheckoutAnswer.Taken;
    }

    /// <summary>Remembered until the mandate would have ended.</summary>
    public CheckoutAnswer Revoke(string reference)
    {
        if (!_entries.TryGetValue(reference, out Entry? known))
        {
            return CheckoutAnswer.Unknown;
        }
        _entries[reference] = known with { Revoked = true };
        return known.Revoked ? CheckoutAnswer.Known : CheckoutAnswer.Taken;
    }

    public void Expire(DateTimeOffset now)
    {
        foreach (Entry entry in _entries.Values)
        {
            if (now >= entry.Mandate.Until)
            {
                _entries.Remove(entry.Mandate.Reference);
            }
        }
    }

    /// <summary>Whether an exit that costs <paramref name="due"/> may be charged.</summary>
    /// <param name="more">What of it is not charged yet.</param>
    public MandateFault Look(string reference, long due, long more, string currency, DateTimeOffset now)
    {
        if (!_entries.TryGetValue(reference, out Entry? entry) || entry.Revoked || now >= entry.Mandate.Until || entry.Mandate.Currency != currency)
        {
            return MandateFault.Unknown;
        }
        return due > entry.Mandate.ExitLimit || more > entry.Mandate.DayLimit - entry.SpentOn(DayOf(now)) ? MandateFault.Limit : MandateFault.None;
    }

    /// <summary>An exit was charged.</summary>
    public void Charge(string reference, long due, DateTimeOffset now)
    {
        Entry entry = _entries[reference];
        int day = DayOf(now);
        _entries[reference] = entry with { Day = day, Spent = checked(entry.SpentOn(day) + due) };
    }

    /// <summary>Less was to be charged: the day that was charged has so much more left. Nothing when that day, or the mandate, is over.</summary>
    public void GiveBack(string reference, long amount, DateTimeOffset on)
    {
        if (_entries.TryGetValue(reference, out Entry? entry) && entry.Day == DayOf(on))
        {
            _entries[reference] = entry with { Spent = Math.Max(0, entry.Spent - amount) };
        }
    }

    private static int DayOf(DateTimeOffset at) => (int)(at.UtcTicks / TimeSpan.TicksPerDay);

    /// <param name="Day">UTC day that <paramref name="Spent"/> is about.</param>
    private sealed record Entry(Mandate Mandate, bool Revoked, int Day, long Spent)
    {
        public long SpentOn(int day) => day == Day ? Spent : 0;
    }
}
