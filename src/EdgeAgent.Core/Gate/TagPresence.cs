using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Gate;

/// <summary>What the antennas of one gate have said about one tag: where it stands when it stands, and the evidence that it walks.</summary>
internal sealed class TagPresence
{
    // Far above any honest count; keeps a tag that stands for months from overflowing.
    private const int MaxReads = 1_000_000;

    // Where the tag stands: one level for each side.
    private StandingLevel _inside;
    private StandingLevel _gate;
    private StandingLevel _outside;
    private DateTimeOffset _nearer = DateTimeOffset.MinValue;

    public TagPresence(Epc epc, DateTimeOffset at)
    {
        Epc = epc;
        LastRead = at;
        Node = new LinkedListNode<TagPresence>(this);
    }

    public Epc Epc { get; }

    /// <summary>Place in the gate's list of tags by their last read.</summary>
    public LinkedListNode<TagPresence> Node { get; }

    public DateTimeOffset LastRead { get; private set; }

    /// <summary>Side of the latest read by reader time.</summary>
    public AntennaZone LastZone { get; private set; }

    /// <summary>The latest read fits stock that stands beside the gate.</summary>
    public bool Standing { get; private set; }

    /// <summary>Reads at the gate or outside it since the tag began to walk.</summary>
    public int GateReads { get; private set; }

    /// <summary>The strongest of these.</summary>
    public float StrongestDbm { get; private set; } = float.NegativeInfinity;

    /// <summary>Takes a read in. True when it is evidence that the tag walks through the gate.</summary>
    public bool Read(in TagRead read, AntennaZone zone, GateConfig gate)
    {
        ref StandingLevel level = ref zone == AntennaZone.Inside ? ref _inside : ref zone == AntennaZone.Outside ? ref _outside : ref _gate;
        if (level.Read(read.At, read.RssiDbm, gate.StaticSeconds))
        {
            _nearer = read.At;
        }
        // Once it has come nearer it walks, and may be heard weaker again beyond the gate. If it is still here after the longest window,
        // it stands again.
        bool standing = level.Known && (read.At - _nearer).TotalSeconds > gate.MaxWindowSeconds;
        bool walks = zone != AntennaZone.Inside && !standing;
        if (walks)
        {
            GateReads = Math.Min(GateReads + Math.Max((int)read.SeenCount, 1), MaxReads);
            StrongestDbm = MathF.Max(StrongestDbm, read.RssiDbm);
        }
        if (read.At >= LastRead)
        {
            LastRead = read.At;
            LastZone = zone;
            Standing = zone != AntennaZone.Inside && standing;
        }
        return walks;
    }

    /// <summary>The evidence is used up: the tag left with a bag, went back, or stands.</summary>
    public void ForgetEvidence()
    {
        GateReads = 0;
        StrongestDbm = float.NegativeInfinity;
    }

    /// <summary>It walked away from where it stood.</summary>
    public void ForgetPlace()
    {
        if (_nearer != DateTimeOffset.MinValue)
        {
            _inside = default;
            _gate = default;
            _outside = default;
            _nearer = DateTimeOffset.MinValue;
        }
    }
}
