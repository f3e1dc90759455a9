namespace EdgeAgent.Core.Cabinets;

/// <summary>
/// Which tags are in a cabinet, and which came and went when it was used. A reader misses tags behind tins and hears those of the cabinet beside
/// it through the glass, so no single read counts: while the cabinet is closed it learns how often each tag is read, and after a use it compares.
/// </summary>
/// <param name="windowSeconds">How long is listened before anything is concluded.</param>
internal sealed class TagInventory(IdentifyItem identify, double windowSeconds)
{
    // A tag in the cabinet is read at least this often, as a part of the best-heard tag; one beside it seldom reaches the second.
    private const double InsideShare = 0.35;
    private const double OutsideShare = 0.1;

    // Of the reads that are to be expected: with fewer it is gone, with more it is there.
    private const double GoneShare = 0.1;
    private const double ThereShare = 0.35;

    // With that many reads to be expected, none by chance happens in 1 of 400 cases. Twice as many while nobody used the cabinet.
    private const double EnoughReads = 6;
    private const double EnoughClosed = 12;

    // A cabinet that never had a tag does not know how well its antennas hear. Reads per second.
    private const double LeastReference = 4;
    private const int LeastReads = 3;

    private const double Gain = 0.25;
    private const double ReferenceFade = 0.98;
    private const int WindowsToLearn = 2;
    private const int WindowsToBelieve = 3;
    private const int MostWindows = 3;
    private const int MostTags = 5_000;
    private const double ForgetSeconds = 60;

    private readonly Dictionary<Epc, CabinetTag> _tags = [];
    private readonly HashSet<string> _goods = new(StringComparer.Ordinal);
    private DateTimeOffset? _from;
    private DateTimeOffset _closed;
    private double _reference = LeastReference;
    private int _heard;
    private int _windows;
    private int _judged;
    private bool _listens = true;

    /// <summary>It has been heard for long enough to know what is in it.</summary>
    public bool Learned => _windows >= WindowsToLearn;

    /// <summary>How many tags are in it.</summary>
    public int Count => _tags.Values.Count(t => t.Resident);

    /// <summary>The GTINs that were in it when nobody had just put them there.</summary>
    public IReadOnlySet<string> Goods => _goods;

    /// <summary>How often a tag is heard here now, in reads per second: the cabinet that hears it best has it.</summary>
    public double RateOf(in Epc epc, DateTimeOffset now)
    {
        if (!_tags.TryGetValue(epc, out CabinetTag? tag))
        {
            return 0;
        }
        double elapsed = _listens && _from is DateTimeOffset from ? (now - from).TotalSeconds : 0;
        return elapsed >= windowSeconds / 4 ? tag.Reads / elapsed : tag.Resident ? tag.Usual : tag.Beside;
    }

    public void Read(in TagRead read)
    {
        if (!_tags.TryGetValue(read.Epc, out CabinetTag? tag))
        {
            ItemIdentity identity = identify(read.Epc);
            if (identity.Kind != EpcKind.TradeItem || identity.Gtin is not string gtin || _tags.Count >= MostTags)
            {
                return;
            }
            tag = new CabinetTag(read.Epc, gtin, identity.Serial);
            _tags.Add(read.Epc, tag);
        }
        tag.LastRead = tag.LastRead > read.At ? tag.LastRead : read.At;
        // Its own time decides: a report that was kept may be from before the door was opened.
        if (_listens && read.At >= (_from ??= read.At))
        {
            _heard++;
            tag.Reads += read.SeenCount;
            tag.Since += read.SeenCount;
        }
    }

    /// <summary>Somebody uses the cabinet: hands shadow tags and carry them past the antennas, so nothing is concluded from reads.</summary>
    public void Open()
    {
        _listens = false;
        Clear(null);
    }

    /// <summary>The use is over; what is read from <paramref name="at"/> on is compared with how it was before.</summary>
    public void Closed(DateTimeOffset at)
    {
        (_listens, _closed, _judged) = (true, at, 0);
        Clear(at);
        foreach (CabinetTag tag in _tags.Values)
        {
            tag.Since = 0;
        }
    }

    /// <summary>While nobody uses it: learns how often each tag is read. True when a tag that cannot have left is not heard any more.</summary>
    /// <param name="hears">False while its reader is out of order: then nothing is learned.</param>
    public bool Learn(DateTimeOffset now, bool hears, Func<Epc, double> elsewhere)
    {
        if (!hears)
        {
            Clear(null);
            return false;
        }
        if ((now - (_from ??= now)).TotalSeconds is double seconds && seconds < windowSeconds)
        {
            return false;
        }
        _windows++;
        double best = 0;
        foreach (CabinetTag tag in _tags.Values)
        {
            best = Math.Max(best, tag.Reads / seconds);
        }
        _reference = Math.Max(best, Math.Max(LeastReference, _reference * ReferenceFade));
        bool missing = false;
        foreach (CabinetTag tag in _tags.Values)
        {
            double rate = tag.Reads / seconds;
            tag.Windows = tag.Reads > 0 ? tag.Windows + 1 : tag.Resident ? tag.Windows : 0;
            if (tag.Resident)
            {
                tag.Missed = tag.Reads > 0 ? 0 : tag.Missed + (tag.Usual * seconds);
                tag.Usual += tag.Reads > 0 ? Gain * (rate - tag.Usual) : 0;
                // Nothing heard at all says something of the reader, not of the goods.
                missing |= tag.Missed >= EnoughClosed && (_heard > 0 || Count == 1);
                continue;
            }
            tag.Beside = tag.Windows == 1 ? rate : tag.Beside + (Gain * (rate - tag.Beside));
            // Nothing comes into a closed cabinet: it was there and not heard, or the agent has just begun.
            if (tag.Beside >= InsideShare * _reference && tag.Windows >= (_windows <= WindowsToBelieve ? WindowsToLearn : WindowsToBelieve)
                && elsewhere(tag.Epc) <= tag.Beside)
            {
                Enter(tag, tag.Beside);
                _goods.Add(tag.Gtin);
            }
        }
        Forget(now);
        Clear(now);
        return missing;
    }

    /// <summary>After a use: what came and went. Null while more has to be heard.</summary>
    /// <param name="elsewhere">How often other cabinets hear a tag now.</param>
    /// <param name="last">No more is waited for.</param>
    public TagDifference? Judge(DateTimeOffset now, Func<Epc, double> elsewhere, bool last)
    {
        double seconds = (now - _from!.Value).TotalSeconds;
        if (seconds < windowSeconds)
        {
            return last ? new TagDifference([], [], Doubt: true) : null;
        }
        _judged++;
        double reference = _reference;
        foreach (CabinetTag tag in _tags.Values)
        {
            reference = Math.Max(reference, tag.Reads / seconds);
        }
        bool final = last || _judged >= MostWindows;
        var taken = new List<CabinetTag>();
        var returned = new List<CabinetTag>();
        bool doubt = false;
        foreach (CabinetTag tag in _tags.Values)
        {
            switch (tag.Resident ? Stayed(tag, now, seconds, elsewhere, final) : Came(tag, seconds, reference, elsewhere, final))
            {
                case Finding.Taken:
                    taken.Add(tag);
                    break;
                case Finding.Returned:
                    returned.Add(tag);
                    break;
                case Finding.Doubt:
                    doubt = true;
                    break;
            }
        }
        // All gone at once and not a read: the reader may have failed in this very moment.
        doubt |= taken.Count >= 3 && taken.Count == Count && _heard == 0;
        if (doubt && !final)
        {
            Clear(now);
            return null;
        }
        taken.ForEach(tag => (tag.Resident, tag.Former, tag.Beside, tag.Windows) = (false, true, 0, 0));
        returned.ForEach(tag => Enter(tag, tag.Reads / seconds));
        Clear(now);
        return new TagDifference(taken, returned, doubt);
    }

    private enum Finding { Nothing, Taken, Returned, Doubt }

    private Finding Stayed(CabinetTag tag, DateTimeOffset now, double seconds, Func<Epc, double> elsewhere, bool final)
    {
        double expected = tag.Usual * seconds;
        if ((expected >= EnoughReads && tag.Reads <= GoneShare * expected)
            || (tag.Since == 0 && tag.Missed + (tag.Usual * (now - _closed).TotalSeconds) >= EnoughReads))
        {
            return Finding.Taken;
        }
        bool outside = elsewhere(tag.Epc) > 1.5 * tag.Reads / seconds;
        if (tag.Reads > 0 && tag.Reads >= ThereShare * expected && !outside)
        {
            return Finding.Nothing;
        }
        // Pushed behind other goods it is read less; what is still read when the shopper has gone is there.
        return !final ? Finding.Doubt : outside ? Finding.Taken : tag.Reads >= 2 ? Finding.Nothing : Finding.Doubt;
    }

    private static Finding Came(CabinetTag tag, double seconds, double reference, Func<Epc, double> elsewhere, bool final)
    {
        double rate = tag.Reads / seconds, before = tag.Beside;
        bool heard = tag.Reads >= LeastReads && rate >= (tag.Former ? Math.Min(ThereShare * tag.Usual, InsideShare * reference) : InsideShare * reference);
        if (heard && rate > 2 * before && elsewhere(tag.Epc) <= rate)
        {
            return Finding.Returned;
        }
        if (before >= OutsideShare * reference)
        {
            // Heard all along, and less than what is inside: it hangs beside the cabinet, or in it and is hardly heard.
            bool silent = before * seconds >= EnoughReads && tag.Reads <= GoneShare * before * seconds;
            return silent && tag.Windows >= WindowsToBelieve && elsewhere(tag.Epc) <= before ? Finding.Doubt : Finding.Nothing;
        }
        return rate >= OutsideShare * reference && tag.Reads >= LeastReads && elsewhere(tag.Epc) <= rate ? Finding.Doubt : Finding.Nothing;
    }

    private static void Enter(CabinetTag tag, double rate) => (tag.Resident, tag.Former, tag.Usual, tag.Missed) = (true, false, rate, 0);

    /// <summary>A new window, from <paramref name="from"/> on; from the next read on when null.</summary>
    private void Clear(DateTimeOffset? from)
    {
        (_from, _heard) = (from, 0);
        foreach (CabinetTag tag in _tags.Values)
        {
            tag.Reads = 0;
        }
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (CabinetTag tag in _tags.Values)
        {
            if (!tag.Resident && (now - tag.LastRead).TotalSeconds > ForgetSeconds && (!tag.Former || _tags.Count > MostTags / 2))
            {
                // Removal does not disturb the enumeration.
                _tags.Remove(tag.Epc);
            }
        }
    }
}
