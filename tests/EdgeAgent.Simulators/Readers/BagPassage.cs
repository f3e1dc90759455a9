using EdgeAgent.Core;
using EdgeAgent.Simulators.Scenes;

namespace EdgeAgent.Simulators.Readers;

/// <summary>
/// What a gate with two antennas sees when a bag is carried out: the antenna inside first, then the one in the gate, each stronger in the
/// middle of its part, with reads missed at random. A simple stand-in for radio: no reflections, no body, no neighbouring lane.
/// </summary>
public static class BagPassage
{
    public const ushort InsideAntenna = 1;
    public const ushort GateAntenna = 2;

    // A reader comes back to an antenna ten times a second.
    private const double SlotSeconds = 0.1;

    // Walking speed through the fields: seconds before the passage at which each antenna begins and ends to see the bag.
    private const double InsideFrom = -2.4;
    private const double InsideTo = -1.2;
    private const double GateFrom = -1.3;
    private const double GateTo = 0.1;

    /// <param name="passage">When the bag leaves the gate, since the start of the recording.</param>
    /// <param name="seed">The same seed gives the same sightings.</param>
    /// <param name="readChance">Chance that a slot reads a tag at all, 0..1.</param>
    public static IEnumerable<ReaderSighting> Sightings(TimeSpan passage, IReadOnlyList<Epc> bag, ulong seed, float readChance = 0.7f)
    {
        var dice = new Dice(seed);
        foreach ((ushort antenna, double from, double to, float strongest) in
            new[] { (InsideAntenna, InsideFrom, InsideTo, -58f), (GateAntenna, GateFrom, GateTo, -44f) })
        {
            for (double t = from; t < to; t += SlotSeconds)
            {
                // 0 at the edges of the field, 1 in its middle.
                double depth = 1 - Math.Abs((2 * (t - from) / (to - from)) - 1);
                foreach (Epc epc in bag)
                {
                    if (dice.Chance(readChance))
                    {
                        double dbm = strongest - (14 * (1 - depth)) + dice.Between(-3, 3);
                        yield return new ReaderSighting(passage + TimeSpan.FromMilliseconds(Math.Round(t * 1000)), epc, antenna, (sbyte)Math.Round(dbm));
                    }
                }
            }
        }
    }
}
