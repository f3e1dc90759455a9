using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid.Epcs;
using EdgeAgent.Simulators.Gates;

namespace EdgeAgent.Benchmarks.Gate;

/// <summary>What all antennas of a scene heard of one item, whatever the gate made of it.</summary>
internal enum Heard
{
    Never,
    InsideOnly,
    OnceAtGate,
    MoreOften,
}

/// <summary>The reads of one scene, counted for each item that somebody carries.</summary>
internal sealed class HeardInAll
{
    private readonly Dictionary<Epc, (int Inside, int Beyond)> _reads = [];
    private readonly Dictionary<Epc, Placement> _placements = [];
    private readonly Dictionary<(string Reader, ushort Antenna), AntennaZone> _zones = [];

    public HeardInAll(GateScene scene)
    {
        foreach (SceneReader reader in scene.Readers)
        {
            foreach (SceneAntenna antenna in reader.Antennas)
            {
                _zones[(reader.Id, antenna.Id)] = antenna.Zone;
            }
        }
        foreach (SceneItem item in (scene.Walkers ?? []).SelectMany(w => w.Items ?? []).Where(item => item.Gtin is not null))
        {
            for (ulong piece = 0; piece < (ulong)item.Count; piece++)
            {
                _placements[Sgtin96.Encode(item.Gtin!, item.CompanyDigits, item.Filter, item.Serial + piece)] = item.Placement;
            }
        }
    }

    public void Take(ShopInput input)
    {
        foreach (TagRead read in (input as ShopInput.TagsRead)?.Reads ?? [])
        {
            if (_placements.ContainsKey(read.Epc))
            {
                (int inside, int beyond) = _reads.GetValueOrDefault(read.Epc);
                bool isInside = _zones[(((ShopInput.TagsRead)input).Reader, read.Antenna)] == AntennaZone.Inside;
                _reads[read.Epc] = isInside ? (inside + read.SeenCount, beyond) : (inside, beyond + read.SeenCount);
            }
        }
    }

    public Heard Of(Epc epc) => _reads.GetValueOrDefault(epc) switch
    {
        (0, 0) => Heard.Never,
        (_, 0) => Heard.InsideOnly,
        (_, 1) => Heard.OnceAtGate,
        _ => Heard.MoreOften,
    };

    /// <summary>Under a coat, or among bottles.</summary>
    public bool IsHidden(Epc epc) => _placements.GetValueOrDefault(epc) is Placement.Body or Placement.Liquid;
}
