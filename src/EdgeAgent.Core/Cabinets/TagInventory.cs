namespace EdgeAgent.Core.Cabinets;

/// <summary>
/// Which tags are in a cabinet, and which came and went when it was used. A reader misses tags behind tins and hears those of the cabinet beside
/// it through the glass, so no single read counts: while the cabinet is closed it learns how each tag is heard, and after a use it asks
/// <see cref="TagOdds"/> what that and the reads since say together.
/// </summary>
/// <param name="windowSeconds">How long is listened at a time while it is closed.</param>
/// <param name="lingerSeconds">How long a shopper usually stands before the closed door.</param>
internal sealed class TagInventory(IdentifyItem identify, double windowSeconds, double lingerSeconds)
{
    // Of the best-heard tag's reads: what is heard so often in a closed cabinet for so many windows, and better than elsewhere, is in it.
    private const double InsideShare = 0.1;
    private const int WindowsToBelieve = 8;
    private const int WindowsToLearn = 2;

    // What is known of how a tag is heard is of the last so many seconds.
    private const double MemorySeconds = 40;

    // Log odds: of a tag that was never heard here before; from which on nothing more is asked, a tag is missed, a tag is kept; and of a tag after
    // a use that the reader did not hear.
    private const double NeverHeard = -12;
    private const double Sure = 14;
    private const double Believed = 9;
    private const double Known = 4.6;
    private const double Unheard = 2.2;

    // After this long nothing more is asked. Seconds since the cabinet was closed.
    private const double SettledSeconds = 120;

    // A tag of a closed cabinet is missed when so long a silence comes by chance once in ten million. Log of that.
    private const double MissedLog = -16;

    // That a reader, or its cable, fails without a word in the moment of a use.
    private const double GoesDeaf = 2e-5;

    // A cabinet that never had a tag does not know how well its antennas hear. Reads per second.
    private const double LeastReference = 4;
    private const double ReferenceFade = 0.98;
    private const int MostTags = 5_000;
    private const double ForgetSeconds = 60;

    private readonly Dictionary<Epc, CabinetTag> _tags = [];
    private readonly HashSet<string> _goods = new(StringComparer.Ordinal);
    private DateTimeOffset? _from;
    private DateTimeOffset? _closed;
    private double _reference = LeastReference;
    private int _heard;
    private int _windows;
    private bool _used;
    private bool _listens = true;

    /// <summary>It has been heard for long enough to know what is in it.</summary>
    public bool Learned => _windows >= WindowsToLearn;

    /// <summary>The GTINs that were in it before it was used.</summary>
    public IReadOnlySet<string> Goods => _goods;

    /// <summary>The tag is in this cabinet.</summary>
    public bool Keeps(in Epc epc) => _tags.TryGetValue(epc, out CabinetTag? tag) && tag.Now >= Known;

    /// <summary>How a tag is heard here: usually, or since the cabinet was closed after a use that is not decided yet.</summary>
    public Hearing Hear(in Epc epc, bool inUse, DateTimeOffset now)
    {
        if (!_listens)
        {
            return default;
        }
        CabinetTag? tag = _tags.GetValueOrDefault(epc);
        return inUse ? Since(tag, now) : tag is null ? new Hearing(0, MemorySeconds, 0) : tag.Lately.Then(tag.Window with { Seconds = SecondsFrom(_from, now) }, MemorySeconds);
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
            tag = new CabinetTag(read.Epc, gtin, identity.Serial) { First = !_used };
            double odds = _used ? NeverHeard : TagOdds.Unheard(_reference * SecondsFrom(_closed, read.At));
            var silent = new Hearing(0, _used ? MemorySeconds : 0, 0);
            (tag.Before, tag.Now, tag.Settled, tag.Usual, tag.Lately) = (_used ? odds : 0, odds, _used, silent, silent);
            _tags.Add(read.Epc, tag);
        }
        tag.LastRead = tag.LastRead > read.At ? tag.LastRead : read.At;
        // Its own time decides: a report that was kept may be from before the door was opened.
        if (_listens && read.At >= (_from ??= read.At))
        {
            _heard++;
            tag.Window = tag.Window.Plus(read);
            tag.Since = tag.Since.Plus(read);
        }
    }

    /// <summary>Somebody uses the cabinet: hands shadow tags and carry them past the antennas, so nothing is concluded from reads.</summary>
    /// <param name="again">Its last use is not decided yet, and goes on.</param>
    public void Open(bool again)
    {
        (_listens, _used) = (false, _used || Learned);
        foreach (CabinetTag tag in _tags.Values)
        {
            (tag.Before, tag.Usual) = again || !_used ? (tag.Before, tag.Usual) : (tag.Now, tag.Lately);
        }
        Clear(null);
    }

    /// <summary>The use is over; what is read from <paramref name="at"/> on is compared with how it was before.</summary>
    public void Closed(DateTimeOffset at)
    {
        _listens = true;
        Begin(at);
    }

    /// <summary>While nobody uses it: learns how each tag is heard. True when a tag that cannot have left is not heard any more.</summary>
    /// <param name="hears">False while its reader is out of order: then nothing is learned.</param>
    public bool Learn(DateTimeOffset now, bool hears, Func<Epc, Elsewhere> elsewhere)
    {
        if (!hears)
        {
            Begin(now);
            return false;
        }
        _closed ??= now;
        double seconds = SecondsFrom(_from ??= now, now);
        if (seconds < windowSeconds)
        {
            return false;
        }
        _windows++;
        double best = Best(tag => tag.Window.Reads / seconds);
        _reference = Math.Max(best, Math.Max(LeastReference, _reference * ReferenceFade));
        TagOdds odds = Odds(now);
        bool missing = false;
        int residents = _tags.Values.Count(t => t.Resident);
        foreach (CabinetTag tag in _tags.Values)
        {
            if (tag.Window.Reads > 0 || !tag.Resident)
            {
                tag.Lately = tag.Lately.Then(tag.Window with { Seconds = seconds }, MemorySeconds);
            }
            if (tag.Window.Reads == 0 && tag.Now >= (_used ? Believed : Known))
            {
                // Nothing heard at all says something of the reader, not of the goods.
                missing |= IsMissing(tag, now) && (_heard > 0 || residents == 1);
            }
            else if (!tag.Settled)
            {
                // The cabinet beside it is asked when it has something to say.
                if (elsewhere(tag.Epc) is { InUse: false } other)
                {
                    tag.Now = LogOdds(Weigh(tag, now, odds, other).In);
                    Settle(tag, now);
                }
            }
            else if (!tag.Resident)
            {
                Find(tag, now, elsewhere);
            }
        }
        Forget(now);
        Clear(now);
        return missing;
    }

    /// <summary>After a use: what came and went, and how sure that is.</summary>
    /// <param name="elsewhere">How other cabinets hear a tag now.</param>
    public TagDifference Judge(DateTimeOffset now, Func<Epc, Elsewhere> elsewhere)
    {
        var taken = new List<CabinetTag>();
        var returned = new List<CabinetTag>();
        double error = 0;
        if (!_used || SecondsFrom(_closed, now) < windowSeconds)
        {
            return new TagDifference([], [], Error: 1);
        }
        TagOdds odds = Odds(now);
        foreach (CabinetTag tag in _tags.Values)
        {
            TagOdds.Chances chances = Weigh(tag, now, odds, elsewhere(tag.Epc));
            double nothing = 1 - chances.Taken - chances.Returned;
            double most = Math.Max(nothing, Math.Max(chances.Taken, chances.Returned));
            if (chances.Taken == most)
            {
                taken.Add(tag);
            }
            else if (chances.Returned == most)
            {
                returned.Add(tag);
            }
            error += 1 - most;
        }
        if (_heard == 0 && taken.Count > 0)
        {
            // All gone at once and not a read: that many were taken, or the reader failed in this very moment.
            error += GoesDeaf / (GoesDeaf + Math.Pow(0.1, taken.Count));
        }
        return new TagDifference(taken, returned, error);
    }

    /// <summary>The use is decided: what was heard since is now what is usual.</summary>
    /// <param name="heard">False where the reader was out of order: then nobody knows what was taken.</param>
    public void Decide(DateTimeOffset now, bool heard, Func<Epc, Elsewhere> elsewhere)
    {
        if (!_used)
        {
            return;
        }
        TagOdds odds = Odds(now);
        foreach (CabinetTag tag in _tags.Values)
        {
            tag.Windows = 0;
            if (!heard)
            {
                (tag.Now, tag.Settled) = (Math.Clamp(tag.Before, -Sure, Unheard), tag.Before <= -Unheard);
                continue;
            }
            Hearing since = Since(tag, now);
            double last = LastSeconds(tag);
            tag.Now = LogOdds(Weigh(tag, now, odds, elsewhere(tag.Epc)).In);
            bool was = tag.Before > 0;
            tag.Lately = was && tag.Resident && !odds.WasPushed(tag.Usual, since) ? tag.Usual.Then(since, MemorySeconds)
                : tag.Resident ? since
                : was || odds.Passed(tag.Usual, since, last) ? new Hearing(0, since.Seconds - last, 0)
                : tag.Usual.Then(since, MemorySeconds);
            Settle(tag, now);
        }
        Clear(now);
    }

    private TagOdds Odds(DateTimeOffset now)
    {
        double seconds = Math.Max(windowSeconds, SecondsFrom(_closed, now)), best = Math.Max(_reference, Best(tag => tag.Since.Reads / seconds));
        // What is surely in it; before that is known, what is heard best.
        double weight = 0, sum = 0;
        foreach (CabinetTag tag in _tags.Values)
        {
            Hearing heard = tag.Lately;
            if (heard.Reads > 0 && (_used ? tag.Before >= Known : heard.Rate >= best / 2))
            {
                (weight, sum) = (weight + 1, sum + (heard.RssiSum / heard.Reads));
            }
        }
        return new TagOdds(best, weight > 0 ? sum / weight : null, lingerSeconds);
    }

    private TagOdds.Chances Weigh(CabinetTag tag, DateTimeOffset now, TagOdds odds, Elsewhere other) =>
        odds.Of(tag.Before, !_used, tag.Usual, Since(tag, now), LastSeconds(tag), other);

    private void Settle(CabinetTag tag, DateTimeOffset now)
    {
        tag.Settled = Math.Abs(tag.Now) >= Sure || (_used && SecondsFrom(_closed, now) >= SettledSeconds);
        if (tag.First && tag.Now >= Believed)
        {
            _goods.Add(tag.Gtin);
        }
    }

    private static bool IsMissing(CabinetTag tag, DateTimeOffset now) =>
        -tag.Lately.Reads * Math.Log(1 + ((now - tag.LastRead).TotalSeconds / Math.Max(1, tag.Lately.Seconds))) <= MissedLog;

    /// <summary>Nothing comes into a closed cabinet: what is heard there now was there, and not heard.</summary>
    private void Find(CabinetTag tag, DateTimeOffset now, Func<Epc, Elsewhere> elsewhere)
    {
        tag.Windows = tag.Window.Reads > 0 && tag.Lately.Rate >= InsideShare * _reference ? tag.Windows + 1 : 0;
        if (tag.Windows >= WindowsToBelieve)
        {
            double odds = LogOdds(Odds(now).Of(0, fresh: true, default, tag.Lately, tag.Lately.Seconds, elsewhere(tag.Epc)).In);
            tag.Now = odds > 0 ? odds : tag.Now;
        }
    }

    private double Best(Func<CabinetTag, double> rate)
    {
        double best = 0;
        foreach (CabinetTag tag in _tags.Values)
        {
            best = Math.Max(best, rate(tag));
        }
        return best;
    }

    /// <summary>Seconds from the closing of the cabinet to the last read; 0 without one.</summary>
    private double LastSeconds(CabinetTag tag) => tag.Since.Reads > 0 ? SecondsFrom(_closed, tag.LastRead) : 0;

    private Hearing Since(CabinetTag? tag, DateTimeOffset now) => (tag?.Since ?? default) with { Seconds = SecondsFrom(_closed, now) };

    private static double SecondsFrom(DateTimeOffset? from, DateTimeOffset now) => from is DateTimeOffset begin ? Math.Max(0, (now - begin).TotalSeconds) : 0;

    private static double LogOdds(double chance) => Math.Log(Math.Max(chance, 1e-300) / Math.Max(1 - chance, 1e-16));

    /// <summary>What is heard from now on is compared with how it was before.</summary>
    private void Begin(DateTimeOffset at)
    {
        _closed = at;
        foreach (CabinetTag tag in _tags.Values)
        {
            tag.Since = default;
        }
        Clear(at);
    }

    /// <summary>A new window, from <paramref name="from"/> on; from the next read on when null.</summary>
    private void Clear(DateTimeOffset? from)
    {
        (_from, _heard) = (from, 0);
        foreach (CabinetTag tag in _tags.Values)
        {
            tag.Window = default;
        }
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (CabinetTag tag in _tags.Values)
        {
            if (!tag.Resident && (now - tag.LastRead).TotalSeconds > ForgetSeconds && tag.Settled)
            {
                // Removal does not disturb the enumeration.
                _tags.Remove(tag.Epc);
            }
        }
    }
}
