using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Gate;

/// <summary>What the antennas of one gate have said about one tag since it came into the field.</summary>
internal sealed class TagPresence(Epc epc, DateTimeOffset since)
{
    public Epc Epc { get; } = epc;

    /// <summary>Start of the unbroken presence: a pause of the settle time begins a new one.</summary>
    public DateTimeOffset Since { get; private set; } = since;

    public DateTimeOffset LastRead { get; private set; } = since;

    /// <summary>Reads at the gate itself or outside it, within the presence.</summary>
    public int GateReads { get; private set; }

    public int Reads { get; private set; }

    public float StrongestDbm { get; private set; } = float.NegativeInfinity;

    /// <summary>Side of the latest read by reader time.</summary>
    public AntennaZone LastZone { get; private set; }

    /// <summary>Stock beside the gate: read so long without a pause that it cannot be a bag walking out.</summary>
    public bool Static { get; private set; }

    public void Read(in TagRead read, AntennaZone zone, GateConfig gate)
    {
        if ((read.At - LastRead).TotalSeconds > gate.SettleSeconds)
        {
            Restart(read.At);
        }
        Reads += read.SeenCount;
        if (zone != AntennaZone.Inside)
        {
            GateReads += read.SeenCount;
            StrongestDbm = MathF.Max(StrongestDbm, read.RssiDbm);
        }
        // A report may bring reads out of their order: the newest by reader time decides where the tag is.
        if (read.At >= LastRead)
        {
            LastRead = read.At;
            LastZone = zone;
        }
        Static |= (LastRead - Since).TotalSeconds >= gate.StaticSeconds;
    }

    public void Restart(DateTimeOffset at)
    {
        Since = at;
        LastRead = at;
        Reads = 0;
        GateReads = 0;
        StrongestDbm = float.NegativeInfinity;
        Static = false;
    }
}
