namespace EdgeAgent.Simulators.Gates;

/// <summary>
/// The link between a reader and a passive UHF tag: power at the tag decides whether it answers, power back at the reader is its RSSI.
/// A model to exercise a gate with, not a survey of a shop: no reflections but as seeded fading, no interference between readers.
/// </summary>
public static class RadioModel
{
    /// <summary>Middle of the European band, ETSI EN 302 208: 865 to 868 MHz.</summary>
    public const double FrequencyHz = 866e6;

    /// <summary>Power a tag chip with its antenna needs to answer; data sheets of current chips say -18 to -24 dBm for the bare chip.</summary>
    public const double TagSensitivityDbm = -18;

    /// <summary>Weakest answer that fixed readers decode; data sheets say -80 to -92 dBm, less beside their own carrier.</summary>
    public const double ReaderSensitivityDbm = -80;

    /// <summary>Stronger is reported as this: near an antenna the receiver is overdriven, and readers show -20 to -25 dBm at most.</summary>
    public const double StrongestRssiDbm = -20;

    /// <summary>A half-wave dipole has 2.15 dBi; a label's meandered one a little less.</summary>
    public const double TagGainDbi = 2.0;

    /// <summary>Circular antenna to linear tag, each way.</summary>
    public const double PolarisationLossDb = 3.0;

    /// <summary>What the chip's switching gives back of the power at its antenna.</summary>
    public const double BackscatterLossDb = 6.0;

    /// <summary>Width of the edge between never and always: a tag this far above its sensitivity answers in three slots of four.</summary>
    public const double EdgeDb = 1.2;

    /// <summary>Fading of a carried tag, one way: standard deviation, and the time after which it is another.</summary>
    public const double CarriedFadingDb = 2.5;
    public const double FadingSeconds = 0.3;

    /// <summary>Frozen fading of a standing tag, one way: where it happens to lie between the reflections.</summary>
    public const double StandingSpreadDb = 2.5;

    /// <summary>A person in the line of sight, one way; the spread of what is published for 866 MHz is 5 to 15 dB.</summary>
    public const double BodyShadowDb = 9;

    /// <summary>A person is this thick for the shadow and for a photo-eye.</summary>
    public const double BodyRadiusMetres = 0.18;

    /// <summary>Farther away nothing is reckoned.</summary>
    public const double FarMetres = 14;

    /// <summary>Back of a patch antenna against its front.</summary>
    private const double FrontToBackDb = 20;

    /// <summary>Power ~ cosⁿ of the angle: n = 3.5 gives the usual -3 dB at 35° of a 6 dBic patch.</summary>
    private const double PatternExponent = 3.5;

    // The nearest a tag comes: below it the far field formulas mean nothing. Metres.
    private const double NearestMetres = 0.3;

    // 20 log10(4 π f / c).
    private static readonly double s_lossAtOneMetreDb = 20 * Math.Log10(4 * Math.PI * FrequencyHz / 299_792_458);

    /// <summary>31.2 dB at 1 m, 6 dB more for each doubling.</summary>
    public static double FreeSpaceLossDb(double metres) => s_lossAtOneMetreDb + (20 * Math.Log10(Math.Max(metres, NearestMetres)));

    /// <summary>Gain towards a place, dBic.</summary>
    /// <param name="towards">Of length 1.</param>
    public static double GainDb(double gainDbi, Place antenna, Place towards, Place to)
    {
        Place line = to - antenna;
        double length = line.Length;
        double cosine = length < 1e-6 ? 1 : line.Dot(towards) / length;
        double pattern = cosine <= 0.02 ? -FrontToBackDb : Math.Max(-FrontToBackDb, 10 * PatternExponent * Math.Log10(cosine));
        return gainDbi + pattern;
    }

    /// <summary>Power at the tag, dBm.</summary>
    /// <param name="lossDb">Everything on the way but free space: placement, bodies, orientation, fading.</param>
    public static double AtTagDbm(double txPowerDbm, double antennaGainDb, double pathLossDb, double lossDb) =>
        txPowerDbm + antennaGainDb - PolarisationLossDb + TagGainDbi - pathLossDb - lossDb;

    /// <summary>Power of the answer at the reader, dBm: the same way back.</summary>
    public static double RssiDbm(double atTagDbm, double antennaGainDb, double pathLossDb, double lossDb) =>
        Math.Min(StrongestRssiDbm, atTagDbm - BackscatterLossDb + TagGainDbi - PolarisationLossDb + antennaGainDb - pathLossDb - lossDb);

    /// <summary>Chance that the tag has the power to answer, 0..1.</summary>
    public static double AnswerChance(double atTagDbm)
    {
        double edge = (atTagDbm - TagSensitivityDbm) / EdgeDb;
        return edge > 8 ? 1 : edge < -12 ? 0 : 1 / (1 + Math.Exp(-edge));
    }

    /// <summary>What a placement takes away, one way: the range out of which each tag draws its own.</summary>
    public static (double From, double To) PlacementLossDb(Placement placement) => placement switch
    {
        Placement.None => (0, 0),
        Placement.Hand => (0, 3),
        Placement.Bag => (0, 3),
        Placement.Body => (8, 15),
        Placement.Liquid => (10, 15),
        Placement.Foil => (28, 40),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>How badly a carried tag lies to the field, one way, besides the polarisation loss.</summary>
    public static (double From, double To) OrientationLossDb => (0, 4);

    /// <summary>
    /// How long a tag remembers that it was inventoried (EPC Gen2 2.0.1 table 6-20): S0 as long as it has power, S1 0.5 to 5 s whatever the
    /// power, S2 and S3 as long as it has power and at least 2 s more; how much more is the chip's.
    /// </summary>
    public static (double From, double To) PersistenceSeconds(int session) => session switch
    {
        0 => (0, 0),
        1 => (0.5, 5),
        _ => (2, 20),
    };
}
