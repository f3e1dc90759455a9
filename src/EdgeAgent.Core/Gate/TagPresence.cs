using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Gate;

/// <summary>What the antennas of one gate have said about one tag: where it stands when it stands, and the evidence that it walks.</summary>
internal sealed class TagPresence
{
    // Far above any honest count; keeps a tag that stands for months from overflowing.
    private const int MaxReads = 1_000_000;

    // Silent for so long, a tag that is heard again is on another way: what it did before says nothing about it. Seconds.
    private const double AwaySeconds = 4;

    // Before it walked this much is kept, to see where it came from. Seconds.
    private const double ApproachSeconds = 3;

    // Whoever left may be heard from outside for a while: no second passage. Ended by reads inside. Seconds.
    private const double EchoSeconds = 10;
    private const int InsideReads = 2;

    // Stock inside is heard at the gate weaker than inside, by this much at least. Decibels.
    private const float FartherDb = 3;

    // Heard outside on so many ways in so many seconds, it is so strong there from where it lies, and a little stronger now and then. Seconds, decibels.
    private const int KnownWays = 3;
    private const double KnownSeconds = 20;
    private const float AsBeforeDb = 3;

    // Heard less often at the gate it was perhaps never in it.
    private const int SeldomReads = 8;

    // Where the tag stands: one level for each side.
    private StandingLevel _inside;
    private StandingLevel _gate;
    private StandingLevel _outside;
    private DateTimeOffset _nearer = DateTimeOffset.MinValue;
    private ZoneEvidence _heardInside;
    private ZoneEvidence _heardGate;
    private ZoneEvidence _heardOutside;
    private DateTimeOffset _echoUntil = DateTimeOffset.MinValue;
    private int _insideSinceLeft;

    // How often it was heard at the gate and did not pass, with a pause after it, and the strongest it was heard then.
    private int _stays;
    private float _stayedDb = float.NegativeInfinity;
    private TwinReads _twins;

    // On how many ways before it was heard outside, each ended by silence or a decision, and the strongest it was heard there then.
    private int _outsideWays;
    private DateTimeOffset _outsideSince;
    private float _outsideWaysDb = float.NegativeInfinity;

    public TagPresence(Epc epc, DateTimeOffset at)
    {
        Epc = epc;
        LastRead = at;
        Node = new LinkedListNode<TagPresence>(this);
    }

    public Epc Epc { get; }

    /// <summary>Place in the gate's list of tags by their last read.</summary>
    public LinkedListNode<TagPresence> Node { get; }

    public ReadProfile Profile { get; } = new();

    /// <summary>All that was heard of it lately, decided or not, for other gates; null when none asks.</summary>
    public ReadProfile? Lately { get; private set; }

    /// <summary>When it last left through this gate, or may have; null when it never did.</summary>
    public DateTimeOffset? PassedAt { get; set; }

    /// <summary>It left then without a doubt.</summary>
    public bool PassedSurely { get; set; }

    public DateTimeOffset LastRead { get; private set; }

    /// <summary>Perhaps two tags with one code.</summary>
    public bool AreTwo => _twins.AreTwo;

    /// <summary>Side of the latest read by reader time.</summary>
    public AntennaZone LastZone { get; private set; }

    /// <summary>The latest read fits stock that stands beside the gate.</summary>
    public bool Standing { get; private set; }

    /// <summary>Reads at the gate or outside it since the tag began to walk.</summary>
    public int GateReads { get; private set; }

    /// <summary>The last such read, ever.</summary>
    public DateTimeOffset LastWalk { get; private set; }

    /// <summary>The first of these.</summary>
    public DateTimeOffset WalksSince { get; private set; }

    /// <summary>The strongest of these, as the reader gave it, and in decibels.</summary>
    public float StrongestDbm { get; private set; } = float.NegativeInfinity;
    public float StrongestDb { get; private set; } = float.NegativeInfinity;

    /// <summary>Strong enough that one read is believed. Set before the tag is judged.</summary>
    public bool Strong { get; set; }

    /// <summary>Much weaker than what passes here: a few such reads are not believed. Set before the tag is judged.</summary>
    public bool Faint { get; set; }

    /// <summary>At the gate much weaker, against inside, than what passes: it was never as near. Set before the tag is judged.</summary>
    public bool NotNear { get; set; }

    /// <summary>How strongly it is heard while it stands; null when it does not.</summary>
    public float? StandingDbm => _gate.Known ? _gate.MeanDbm : _outside.Known ? _outside.MeanDbm : _inside.Known ? _inside.MeanDbm : null;

    /// <summary>Never heard clearly nearer than where it stands or stayed before: there it may still be.</summary>
    public bool IsNoNearer => IsAsBefore(StrongestDb);

    /// <summary>It was heard outside again and again before, and now hardly stronger: it came no nearer to that antenna than it lies.</summary>
    public bool IsNoNearerOutside => _outsideWays >= KnownWays && (LastRead - _outsideSince).TotalSeconds >= KnownSeconds && !(Profile.Peak(AntennaZone.Outside) > _outsideWaysDb + AsBeforeDb);

    /// <summary>It came to nothing more than once, as something that lies here does, and has no level only because it is heard too seldom.</summary>
    public bool StaysHere => StandingDbm is not null || _stays > 1;

    /// <summary>So strongly, or stronger, it is heard from where it stands or stayed before.</summary>
    public bool IsAsBefore(float db) =>
        (StandingDbm is float level && db < level + StandingLevel.NearerDb) || (_stays > 0 && db < _stayedDb + StandingLevel.NearerDb);

    public ZoneEvidence Zone(AntennaZone zone) => Heard(zone);

    /// <summary>Keeps a read for other gates, whatever comes of it here.</summary>
    public void Remember(in HeardTag heard, float db) =>
        (Lately ??= new ReadProfile()).Add(heard.Read.At, heard.Zone, db, Math.Max((int)heard.Read.SeenCount, 1));

    /// <summary>Takes a read in. True when it is evidence that the tag walks through the gate.</summary>
    /// <param name="db">Its strength in decibels of unknown offset.</param>
    public bool Read(in HeardTag heard, float db, GateConfig gate)
    {
        (TagRead read, AntennaZone zone, int source) = heard;
        if ((read.At - LastRead).TotalSeconds > AwaySeconds && GateReads == 0)
        {
            ForgetWay();
        }
        ref StandingLevel level = ref zone == AntennaZone.Inside ? ref _inside : ref zone == AntennaZone.Outside ? ref _outside : ref _gate;
        if (level.Read(read.At, db, gate.StaticSeconds))
        {
            _nearer = read.At;
        }
        // Once it has come nearer it walks, and may be heard weaker again beyond the gate. If it is still here after the longest window,
        // it stands again.
        bool nearer = (read.At - _nearer).TotalSeconds <= gate.MaxWindowSeconds;
        // Stock on a shelf inside is heard at the gate now and then, too seldom to have a level there.
        bool standing = !nearer && (level.Known || (zone != AntennaZone.Inside && _inside.HoldsAt(read.At) && db < _inside.MeanDbm - FartherDb));
        bool echo = IsEcho(read.At, zone);
        bool walks = zone != AntennaZone.Inside && !standing && !echo;
        int count = Math.Max((int)read.SeenCount, 1);
        if (walks)
        {
            if (GateReads == 0)
            {
                WalksSince = read.At;
                Profile.ForgetBefore(read.At.UtcTicks > ApproachSeconds * TimeSpan.TicksPerSecond ? read.At.AddSeconds(-ApproachSeconds) : read.At);
            }
            LastWalk = read.At > LastWalk ? read.At : LastWalk;
            GateReads = Math.Min(GateReads + count, MaxReads);
            StrongestDbm = MathF.Max(StrongestDbm, read.RssiDbm);
            StrongestDb = MathF.Max(StrongestDb, db);
        }
        Profile.Add(read.At, zone, db, count);
        _twins.Take(read.At, source, db);
        Heard(zone).Take(read.At, read.RssiDbm, count);
        if (read.At >= LastRead)
        {
            LastRead = read.At;
            LastZone = zone;
            Standing = standing;
        }
        return walks;
    }

    /// <summary>Heard outside only, for so long that it has gone through, though the outside antenna still hears it.</summary>
    public bool IsBeyond(DateTimeOffset at, double settle) =>
        _heardInside.Reads + _heardGate.Reads > 0
        && (_heardInside.Reads == 0 || (at - _heardInside.Last).TotalSeconds >= settle)
        && (_heardGate.Reads == 0 || (at - _heardGate.Last).TotalSeconds >= settle);

    /// <summary>
    /// It was heard at the gate and did not pass. Stock that is heard too seldom to have a level is known by this: the next time it is heard no
    /// nearer, whoever walks by. What was heard often was there with somebody, and where says nothing about the next time.
    /// </summary>
    public void Stay()
    {
        if (GateReads is > 0 and < SeldomReads)
        {
            _stays++;
            _stayedDb = MathF.Max(_stayedDb, StrongestDb);
        }
        ForgetEvidence();
    }

    /// <summary>The evidence is used up: the tag left with a bag, went back, or stands.</summary>
    public void ForgetEvidence()
    {
        GateReads = 0;
        StrongestDbm = float.NegativeInfinity;
        StrongestDb = float.NegativeInfinity;
    }

    /// <summary>The way it went is decided: what comes next is another.</summary>
    public void ForgetWay()
    {
        if (_heardOutside.Reads > 0)
        {
            _outsideSince = _outsideWays == 0 ? _heardOutside.First : _outsideSince;
            _outsideWays = Math.Min(_outsideWays + 1, MaxReads);
            _outsideWaysDb = MathF.Max(_outsideWaysDb, Profile.Peak(AntennaZone.Outside));
        }
        Profile.Clear();
        _twins = default;
        _heardInside = default;
        _heardGate = default;
        _heardOutside = default;
    }

    /// <summary>It walked away from where it stood, and what is heard of it in the next seconds is an echo.</summary>
    public void Leave()
    {
        if (_nearer != DateTimeOffset.MinValue)
        {
            _inside = default;
            _gate = default;
            _outside = default;
            _nearer = DateTimeOffset.MinValue;
        }
        _stays = 0;
        _stayedDb = float.NegativeInfinity;
        _echoUntil = LastRead.AddSeconds(EchoSeconds);
        _insideSinceLeft = 0;
    }

    private bool IsEcho(DateTimeOffset at, AntennaZone zone)
    {
        if (at >= _echoUntil)
        {
            return false;
        }
        if (zone == AntennaZone.Inside)
        {
            _echoUntil = ++_insideSinceLeft >= InsideReads ? DateTimeOffset.MinValue : _echoUntil;
        }
        else if (zone == AntennaZone.Outside)
        {
            _echoUntil = at.AddSeconds(EchoSeconds);
        }
        return true;
    }

    private ref ZoneEvidence Heard(AntennaZone zone) =>
        ref zone == AntennaZone.Inside ? ref _heardInside : ref zone == AntennaZone.Outside ? ref _heardOutside : ref _heardGate;
}
