namespace EdgeAgent.Core.Cabinets;

/// <summary>
/// Which tags are in a cabinet, and which came and went when it was used. A reader misses tags behind tins and hears those of the cabinet beside
/// it through the glass, so no single read counts: while the cabinet is closed it learns how often each tag is read, and after a use it compares.
/// </summary>
/// <param name="windowSeconds">How long is listened at a time. After a use at least two such windows are waited for.</param>
internal sealed class TagInventory(IdentifyItem identify, double windowSeconds)
{
    // Of the best-heard tag's reads. What is in the cabinet has this many soon; behind tins it has fewer, and is believed after a longer time.
    private const double InsideShare = 0.35;
    private const double OutsideShare = 0.1;
    private const double NewsShare = 0.05;

    // Of the reads that are to be expected: a tag that has so many is there.
    private const double ThereShare = 0.6;

    // As much weaker than it was, it may be in a hand before the glass. dB.
    private const double MuchWeaker = 5;

    // Reads that are to be expected since a tag was last heard. With the first it may have been missed; with the second it is gone, for none of
    // that many by chance happens once in 3,000 times. While nobody used the cabinet there is time for more.
    private const double FewMissed = 3;
    private const double EnoughMissed = 8;
    private const double EnoughClosed = 16;

    // A cabinet that never had a tag does not know how well its antennas hear. Reads per second.
    private const double LeastReference = 4;
    private const int LeastReads = 3;

    private const double Gain = 0.25;
    private const double ReferenceFade = 0.98;
    private const int WindowsToLearn = 2;
    private const int WindowsToBelieve = 3;
    private const int WindowsToBelieveHidden = 8;
    private const int FirstWindows = 2;
    private const int MostWindows = 4;
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

    /// <summary>The tag is in this cabinet.</summary>
    public bool Keeps(in Epc epc) => _tags.TryGetValue(epc, out CabinetTag? tag) && tag.Resident;

    /// <summary>How often a tag is heard here, in reads per second: the cabinet that hears it best has it.</summary>
    /// <param name="now">Counts what was heard of late, where that is enough; null for what is usual.</param>
    public double RateOf(in Epc epc, DateTimeOffset? now)
    {
        if (!_tags.TryGetValue(epc, out CabinetTag? tag))
        {
            return 0;
        }
        if (now is not DateTimeOffset at)
        {
            return tag.Resident ? tag.Usual : tag.Beside;
        }
        double elapsed = _listens && _from is DateTimeOffset from ? (at - from).TotalSeconds : 0;
        return elapsed >= windowSeconds / 2 ? tag.Reads / elapsed : tag.Recent;
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
            tag.RssiSum += read.SeenCount * read.RssiDbm;
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
    public bool Learn(DateTimeOffset now, bool hears, Func<Epc, Elsewhere> elsewhere)
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
                if (tag.Reads > 0)
                {
                    tag.Usual += Gain * (rate - tag.Usual);
                    tag.UsualRssi -= Gain * tag.Weaker;
                    tag.Other += Gain * (elsewhere(tag.Epc).Rate - tag.Other);
                }
                // Nothing heard at all says something of the reader, not of the goods.
                if (tag.Missed >= EnoughClosed && (_heard > 0 || Count == 1))
                {
                    missing |= !tag.Doubted;
                    _ = tag.Doubted && Leave(tag);
                }
                tag.Doubted &= tag.Reads < ThereShare * tag.Usual * seconds;
                continue;
            }
            tag.Beside = tag.Windows == 1 ? rate : tag.Beside + (Gain * (rate - tag.Beside));
            if (elsewhere(tag.Epc) is Elsewhere other && (other.Keeps || other.Rate > tag.Beside))
            {
                tag.Windows = 0;
            }
            if (IsInside(tag))
            {
                Enter(tag, tag.Beside);
                _goods.Add(tag.Gtin);
            }
        }
        Forget(now);
        EndWindow(now, seconds);
        return missing;
    }

    /// <summary>After a use: what came and went. Null while more has to be heard.</summary>
    /// <param name="elsewhere">How often other cabinets hear a tag now.</param>
    /// <param name="last">No more is waited for.</param>
    public TagDifference? Judge(DateTimeOffset now, Func<Epc, Elsewhere> elsewhere, bool last)
    {
        double seconds = (now - _from!.Value).TotalSeconds;
        if (seconds < windowSeconds)
        {
            return last ? new TagDifference([], [], Doubt: true) : null;
        }
        _judged++;
        if (_judged < FirstWindows && !last)
        {
            // Whoever took something stands before the glass with it for a while.
            EndWindow(now, seconds);
            return null;
        }
        double reference = _reference;
        foreach (CabinetTag tag in _tags.Values)
        {
            reference = Math.Max(reference, tag.Reads / seconds);
        }
        bool final = last || _judged >= MostWindows;
        var taken = new List<CabinetTag>();
        var returned = new List<CabinetTag>();
        var doubted = new List<CabinetTag>();
        foreach (CabinetTag tag in _tags.Values)
        {
            switch (tag.Resident ? Stayed(tag, now, seconds, elsewhere, final) : Came(tag, now, seconds, reference, elsewhere, final))
            {
                case Finding.Taken:
                    taken.Add(tag);
                    break;
                case Finding.Returned:
                    returned.Add(tag);
                    break;
                case Finding.Doubt:
                    doubted.Add(tag);
                    break;
            }
        }
        // All gone at once and not a read: the reader may have failed in this very moment.
        bool doubt = doubted.Count > 0 || taken.Concat(returned).Any(t => t.Doubted) || (taken.Count >= 3 && taken.Count == Count && _heard == 0);
        if (doubted.Count > 0 && !final)
        {
            EndWindow(now, seconds);
            return null;
        }
        // A use that was held may have done it.
        taken.RemoveAll(t => t.Doubted && Leave(t));
        returned.RemoveAll(t => t.Doubted && Enter(t, t.Reads / seconds));
        doubted.ForEach(t => t.Doubted = true);
        taken.ForEach(t => Leave(t));
        returned.ForEach(t => Enter(t, t.Reads / seconds));
        EndWindow(now, seconds);
        return new TagDifference(taken, returned, doubt);
    }

    private enum Finding { Nothing, Taken, Returned, Doubt }

    private Finding Stayed(CabinetTag tag, DateTimeOffset now, double seconds, Func<Epc, Elsewhere> elsewhere, bool final)
    {
        double silent = (now - (tag.LastRead > _closed ? tag.LastRead : _closed)).TotalSeconds;
        double missed = tag.Missed + (tag.Usual * silent);
        double other = elsewhere(tag.Epc).Rate;
        bool outside = other >= InsideShare * LeastReference && other > 1.5 * tag.Reads / seconds;
        // Pushed behind other goods it is read far less than it was: two windows without a read are needed, however many reads that would be.
        if ((silent >= FirstWindows * windowSeconds && missed >= EnoughMissed) || (final && outside))
        {
            // Heard as seldom here as in the cabinet beside it, it may have been in either.
            return tag.Usual < InsideShare * _reference && tag.Other >= tag.Usual / 2 ? Finding.Doubt : Finding.Taken;
        }
        if (!outside && tag.Reads >= ThereShare * tag.Usual * seconds && tag.Weaker < MuchWeaker && missed <= FewMissed)
        {
            return Finding.Nothing;
        }
        // What is still read when the shopper has gone is there, however seldom.
        return final && !outside && IsStillRead(tag, now) ? Finding.Nothing : Finding.Doubt;
    }

    /// <summary>It has not been silent for longer than a tag may be that is read as often as this one since the cabinet was closed.</summary>
    private bool IsStillRead(CabinetTag tag, DateTimeOffset now) =>
        tag.Since >= LeastReads && tag.Since / (now - _closed).TotalSeconds * (now - tag.LastRead).TotalSeconds <= FewMissed;

    private Finding Came(CabinetTag tag, DateTimeOffset now, double seconds, double reference, Func<Epc, Elsewhere> elsewhere, bool final)
    {
        Elsewhere other = elsewhere(tag.Epc);
        if (other.Keeps)
        {
            return Finding.Nothing;
        }
        double rate = tag.Reads / seconds, before = tag.Beside;
        bool heard = tag.Reads >= LeastReads && rate >= (tag.Former && tag.Weaker < MuchWeaker ? Math.Min(ThereShare * tag.Usual, InsideShare * reference) : InsideShare * reference);
        if (heard && rate > 2 * before && other.Rate <= rate)
        {
            // Heard before, it may have been there all along, behind tins that were taken away now.
            return before >= NewsShare * reference ? Finding.Doubt : Finding.Returned;
        }
        // What was heard as often before hangs beside the cabinet.
        double since = tag.Since / (now - _closed).TotalSeconds;
        bool news = since >= NewsShare * reference && since > 3 * before && tag.Since >= LeastReads;
        if (!news || other.Rate > 2 * since || !IsStillRead(tag, now))
        {
            return Finding.Nothing;
        }
        // It was in here before, and is heard as strongly: put back, behind other goods.
        return final && tag.Former && tag.Weaker < MuchWeaker && other.Rate <= since ? Finding.Returned : Finding.Doubt;
    }

    /// <summary>Nothing comes into a closed cabinet: it was there and not heard, or the agent has just begun.</summary>
    private bool IsInside(CabinetTag tag) =>
        (tag.Beside >= InsideShare * _reference && tag.Windows >= (_windows <= WindowsToBelieve ? WindowsToLearn : WindowsToBelieve))
        || (tag.Beside >= OutsideShare * _reference && tag.Windows >= (tag.Doubted ? WindowsToBelieve : WindowsToBelieveHidden));

    private static bool Enter(CabinetTag tag, double rate)
    {
        (tag.Resident, tag.Former, tag.Usual, tag.UsualRssi, tag.Missed, tag.Doubted) = (true, false, rate, tag.RssiSum / Math.Max(1, tag.Reads), 0, false);
        return true;
    }

    private static bool Leave(CabinetTag tag)
    {
        (tag.Resident, tag.Former, tag.Beside, tag.Windows, tag.Doubted) = (false, true, 0, 0, false);
        return true;
    }

    private void EndWindow(DateTimeOffset now, double seconds)
    {
        foreach (CabinetTag tag in _tags.Values)
        {
            tag.Recent = tag.Reads / seconds;
        }
        Clear(now);
    }

    /// <summary>A new window, from <paramref name="from"/> on; from the next read on when null.</summary>
    private void Clear(DateTimeOffset? from)
    {
        (_from, _heard) = (from, 0);
        foreach (CabinetTag tag in _tags.Values)
        {
            (tag.Reads, tag.RssiSum) = (0, 0);
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
