using EdgeAgent.Core;

namespace EdgeAgent.Simulators.Cabinets;

/// <summary>What was told of seeded uses, beside what they were.</summary>
/// <param name="Right">Certain, and exactly what was taken and returned; or held where something foreign was put in.</param>
/// <param name="Held">Left to a person though it could have been known.</param>
/// <param name="Wrong">Certain and not so.</param>
/// <param name="Invented">Items told as certain that were neither taken nor returned.</param>
/// <param name="HeldWrongly">Items that a held use lists and that were neither taken nor returned.</param>
/// <param name="Missing">Uses that were not told at all, or told twice.</param>
public sealed record CabinetScore(int Uses, int Right, int Held, int Wrong, int Invented, int HeldWrongly, int Missing)
{
    public double RightShare => (double)Right / Uses;

    /// <summary>The first uses that did not come out right, for whoever looks for the reason.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    public static CabinetScore operator +(CabinetScore a, CabinetScore b) => new(
        a.Uses + b.Uses, a.Right + b.Right, a.Held + b.Held, a.Wrong + b.Wrong, a.Invented + b.Invented, a.HeldWrongly + b.HeldWrongly, a.Missing + b.Missing)
    {
        Examples = [.. a.Examples.Concat(b.Examples).Take(20)],
    };

    public static CabinetScore Of(ulong seed, CabinetTrouble trouble, int uses, IdentifyItem identify)
    {
        var store = new CabinetStore(seed, trouble);
        var floor = new ShopFloor(CabinetStore.Config, identify, _ => { });
        var events = new List<ShopEvent>();
        foreach (ShopInput input in store.Play(uses, new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero)))
        {
            floor.On(input, events);
        }
        return Of(store, [.. events.OfType<ShopEvent.CabinetUsed>()]);
    }

    private static CabinetScore Of(CabinetStore store, IReadOnlyList<ShopEvent.CabinetUsed> told)
    {
        List<CabinetTruth> truth = store.Truth;
        int right = 0, held = 0, wrong = 0, invented = 0, heldWrongly = 0, missing = told.Count - truth.Count;
        var examples = new List<string>();
        foreach (CabinetTruth use in truth)
        {
            if (told.FirstOrDefault(t => t.Cabinet == use.Cabinet && t.OpenedAt == use.OpenedAt) is not ShopEvent.CabinetUsed said)
            {
                missing++;
                continue;
            }
            HashSet<Epc> taken = [.. said.Taken.Select(i => i.Epc!.Value)], returned = [.. said.Returned.Select(i => i.Epc!.Value)];
            int strange = taken.Except(use.Taken).Count() + returned.Except(use.Returned).Count();
            bool same = taken.SetEquals(use.Taken) && returned.SetEquals(use.Returned);
            bool certain = said.Reasons.Count == 0;
            if (certain ? same && !use.Foreign : use.Foreign)
            {
                right++;
            }
            else
            {
                (held, wrong) = certain ? (held, wrong + 1) : (held + 1, wrong);
                examples.Add($"{use.Cabinet} {use.OpenedAt:HH:mm:ss}: {(certain ? "certain" : string.Join(' ', said.Reasons))}{(use.Foreign ? " (foreign)" : "")}"
                    + Those("taken, not told", use.Taken.Except(taken)) + Those("told, not taken", taken.Except(use.Taken))
                    + Those("returned, not told", use.Returned.Except(returned)) + Those("told, not returned", returned.Except(use.Returned)));
            }
            (invented, heldWrongly) = certain ? (invented + strange, heldWrongly) : (invented, heldWrongly + strange);
        }
        string Those(string what, IEnumerable<Epc> items) => items.Any() ? $"; {what}: {string.Join(' ', items.Select(store.Describe))}" : "";

        return new CabinetScore(truth.Count, right, held, wrong, invented, heldWrongly, missing) { Examples = examples };
    }
}
