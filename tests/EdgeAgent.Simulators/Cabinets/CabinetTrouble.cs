namespace EdgeAgent.Simulators.Cabinets;

/// <summary>How hard a store's cabinets are to read. Probabilities are for one inventory round; there are five a second.</summary>
/// <param name="Hidden">Share of the tags that lie behind tins and are read in 15 to 40 of 100 rounds; the others in 55 to 97.</param>
/// <param name="Leak">Most that a tag is read by the antenna of the cabinet beside it; a third of the tags are read there at all.</param>
/// <param name="Linger">Longest that a shopper stands before the glass with the goods in hand, in seconds.</param>
/// <param name="OwnClothes">How often a shopper wears tagged clothes.</param>
/// <param name="Rearranged">How often hands push other goods behind each other.</param>
/// <param name="Foreign">How often something is put in that does not belong there.</param>
/// <param name="Together">How often both cabinets are used at once.</param>
public sealed record CabinetTrouble(float Hidden, float Leak, float Linger, float OwnClothes, float Rearranged, float Foreign, float Together)
{
    public static CabinetTrouble Easy { get; } = new(0, 0, 1, 0, 0, 0, 0);
    public static CabinetTrouble Usual { get; } = new(0.1f, 0.2f, 6, 0.15f, 0.3f, 0.05f, 0.15f);
    public static CabinetTrouble Hard { get; } = new(0.3f, 0.3f, 12, 0.3f, 0.6f, 0.1f, 0.3f);
}

/// <summary>What one use of a cabinet really was.</summary>
/// <param name="Foreign">Something was put in that does not belong there: it is to be held.</param>
public sealed record CabinetTruth(
    string Cabinet, DateTimeOffset OpenedAt, IReadOnlySet<EdgeAgent.Core.Epc> Taken, IReadOnlySet<EdgeAgent.Core.Epc> Returned, bool Foreign);
