using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Cabinets;

/// <summary>
/// One fridge or unmanned shelf. It is closed and learns what is in it; somebody uses it; it is closed again and, after a while, what came and
/// went is told once. Opened again before that, it is the same use.
/// </summary>
/// <param name="elsewhere">What other cabinets know of a tag.</param>
internal sealed class CabinetWatch(CabinetConfig config, IdentifyItem identify, Func<CabinetWatch, Epc, DateTimeOffset, Elsewhere> elsewhere)
{
    // Reads of a hand that is just leaving. Seconds.
    private const double HandSeconds = 0.5;

    // Times the time to settle: people are waited for, and beyond it nothing is.
    private const double PatienceFactor = 2.5;
    private const double WaitFactor = 3.5;

    // Of the time to settle: how long a shopper usually stands there after the door was closed.
    private const double LingerShare = 0.75;
    private const double JudgeSeconds = 1;

    private readonly TagInventory? _tags = config.Antennas.Count > 0 ? new TagInventory(identify, config.SettleSeconds / 2, LingerShare * config.SettleSeconds) : null;
    private readonly GoodsTally? _sight = config.Regions.Count > 0 ? new GoodsTally() : null;
    private readonly CabinetScale? _scale = config.Scale is ScaleConfig scale ? new CabinetScale(scale) : null;
    private readonly IReadOnlySet<string>? _belongs = config.Goods?.ToHashSet(StringComparer.Ordinal);
    private CabinetUse? _use;

    private DateTimeOffset _judged;
    private DateTimeOffset? _decided;

    // When nobody stood there any more, after it was closed.
    private DateTimeOffset _left;
    private bool _open;

    public CabinetConfig Config => config;

    /// <summary>Somebody uses it, or what they did is not decided yet.</summary>
    public CabinetUse? Use => _use;

    /// <summary>When its last use began.</summary>
    public DateTimeOffset LastOpened { get; private set; }

    /// <summary>It is used, or what was done is decided since a time.</summary>
    public bool UsedSince(DateTimeOffset at) => _use is not null || _decided >= at;

    /// <summary>How its antennas hear a tag, if it has any.</summary>
    public Hearing? Hear(in Epc epc, DateTimeOffset now) => _tags?.Hear(epc, _use is not null, now);

    /// <summary>The tag is in it, and nobody uses it.</summary>
    public bool Keeps(in Epc epc) => _use is null && _tags?.Keeps(epc) == true;

    public bool HasDoorAt(string reader, int port) => config.Door is CabinetDoorConfig door && door.Reader == reader && door.Port == port;

    public void Read(in TagRead read) => _tags?.Read(read);

    /// <param name="sensors">What was out of order since a time, if anything.</param>
    public void Pin(DateTimeOffset at, bool high, Func<CabinetConfig, DateTimeOffset, (bool Reader, bool Camera)> sensors, List<ShopEvent> events)
    {
        if (config.Door is CabinetDoorConfig door && (high == door.OpenHigh) != _open)
        {
            if (_open)
            {
                Shut(at);
            }
            else
            {
                if (_use is not null && (at - _left).TotalSeconds >= config.SettleSeconds)
                {
                    // The next shopper: what the one before them did is told as well as it is known by now.
                    Decide(at, Judge(at), sensors, [], events);
                }
                Open(at);
            }
        }
    }

    public void Move(ShopInput.GoodsMoved goods)
    {
        if (_use is null)
        {
            Begin(goods.At, doorClosed: config.Door is not null);
            if (config.Door is not null)
            {
                Shut(goods.At);
            }
        }
        _use!.LastMove = goods.At;
        _sight?.Add(goods.Gtin, goods.Move);
    }

    public void Weigh(ShopInput.WeightRead weight) => _scale?.Weigh(weight.Grams, weight.Stable, _open);

    /// <param name="people">How many stand in its zone now. They were told to <see cref="Use"/>, while it is open.</param>
    /// <param name="sensors">What was out of order since a time, if anything.</param>
    public void Tick(DateTimeOffset now, int people, Func<CabinetConfig, DateTimeOffset, (bool Reader, bool Camera)> sensors, List<ShopEvent> events)
    {
        if (config.Door is null && _use is null && people > 0)
        {
            Begin(now, doorClosed: false);
        }
        if (_use is null)
        {
            (bool reader, _) = sensors(config, now);
            if (_tags?.Learn(now, !reader, epc => elsewhere(this, epc, now)) == true)
            {
                // A tag left though nobody opened the door, or unseen: the contact or the zone does not say all.
                Begin(now, doorClosed: true);
                Shut(now);
            }
            return;
        }
        if (config.Door is null)
        {
            WatchPeople(now, people);
        }
        if (_open && !_use.TooLong && (now - _use.OpenedAt).TotalSeconds >= config.OpenSeconds)
        {
            _use.TooLong = true;
            if (config.Door is null)
            {
                // Others came before the first had gone: told once in a while, for nobody.
                Shut(now);
            }
            else
            {
                _use.Alarmed = true;
                events.Add(new ShopEvent.CabinetOpenAlarm(now, config.Id, true, _use.OpenedAt));
            }
        }
        if (!_open)
        {
            Calm(now, events);
            Settle(now, people, sensors, events);
        }
    }

    /// <summary>The shop closes, or the cabinet is configured anew: what is going on is decided now, and held.</summary>
    public void Close(DateTimeOffset now, Func<CabinetConfig, DateTimeOffset, (bool Reader, bool Camera)> sensors, List<ShopEvent> events)
    {
        if (_use is null)
        {
            return;
        }
        if (_open)
        {
            Shut(now);
        }
        Calm(now, events);
        Decide(now, Judge(now), sensors, [CabinetReason.CutShort], events);
    }

    /// <summary>An open shelf is used as long as somebody stands there; whoever comes before the last use is decided belongs to it.</summary>
    private void WatchPeople(DateTimeOffset now, int people)
    {
        if (people > 0 && !_use!.TooLong)
        {
            _use.LastMove = now;
            if (!_open)
            {
                Open(now);
            }
        }
        if (_open && (now - _use!.LastMove).TotalSeconds >= config.QuietSeconds)
        {
            Shut(now);
        }
    }

    private void Calm(DateTimeOffset now, List<ShopEvent> events)
    {
        if (_use!.Alarmed)
        {
            _use.Alarmed = false;
            events.Add(new ShopEvent.CabinetOpenAlarm(now, config.Id, false, _use.OpenedAt));
        }
    }

    private void Open(DateTimeOffset at)
    {
        if (_use is null)
        {
            Begin(at, doorClosed: false);
            return;
        }
        _open = true;
        _use.ClosedAt = null;
        _scale?.Reopen();
        _tags?.Open(again: true);
    }

    private void Begin(DateTimeOffset at, bool doorClosed)
    {
        (_open, LastOpened) = (true, at);
        _use = new CabinetUse(at) { Known = _tags?.Learned ?? true, DoorClosed = doorClosed };
        _sight?.Clear();
        _scale?.Begin();
        _tags?.Open(again: false);
    }

    private void Shut(DateTimeOffset at)
    {
        _open = false;
        _use!.ClosedAt = _left = at;
        _tags?.Closed(at.AddSeconds(HandSeconds));
    }

    private void Settle(DateTimeOffset now, int people, Func<CabinetConfig, DateTimeOffset, (bool Reader, bool Camera)> sensors, List<ShopEvent> events)
    {
        if (people > 0 && (now - _use!.ClosedAt!.Value).TotalSeconds < config.SettleSeconds * PatienceFactor)
        {
            // Whoever took something stands before it: tags in their hands are heard, and a camera looks past them.
            _left = now;
            _tags?.Closed(now.AddSeconds(HandSeconds));
            return;
        }
        double seconds = (now - _left).TotalSeconds;
        bool late = seconds >= config.SettleSeconds * WaitFactor;
        if (seconds < config.SettleSeconds || (!late && (_scale is { Weighed: false } || (now - _judged).TotalSeconds < JudgeSeconds)))
        {
            return;
        }
        _judged = now;
        TagDifference? said = Judge(now);
        if (late || said is not { Early: true })
        {
            Decide(now, said, sensors, [], events);
        }
    }

    private TagDifference? Judge(DateTimeOffset now) => _tags?.Judge(now, epc => elsewhere(this, epc, now));

    private void Decide(
        DateTimeOffset now, TagDifference? tags, Func<CabinetConfig, DateTimeOffset, (bool Reader, bool Camera)> sensors, SortedSet<CabinetReason> reasons, List<ShopEvent> events)
    {
        CabinetUse use = _use!;
        (_use, _decided) = (null, now);
        IReadOnlySet<string>? belongs = _belongs ?? _tags?.Goods;
        (List<CabinetItem> taken, List<CabinetItem> returned) = UseJudge.Judge(tags, _sight, _scale, belongs, reasons);
        (bool reader, bool camera) = sensors(config, use.OpenedAt);
        _tags?.Decide(now, !reader, epc => elsewhere(this, epc, now));
        Add(!use.Known, CabinetReason.InventoryUnknown);
        Add(use.DoorClosed, CabinetReason.DoorClosed);
        Add(use.TooLong, CabinetReason.OpenTooLong);
        Add(reader, CabinetReason.ReaderDegraded);
        Add(camera && _sight is not null, CabinetReason.CameraDegraded);
        // At an open shelf people only pass by.
        if (config.Door is not null || taken.Count + returned.Count + reasons.Count > 0)
        {
            events.Add(new ShopEvent.CabinetUsed(
                now, config.Id, use.OpenedAt, use.ClosedAt!.Value, camera ? null : use.Visit, use.Candidates, taken, returned, [.. reasons]));
        }

        void Add(bool holds, CabinetReason reason)
        {
            if (holds)
            {
                reasons.Add(reason);
            }
        }
    }
}
