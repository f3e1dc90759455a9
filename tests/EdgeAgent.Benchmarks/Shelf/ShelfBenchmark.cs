using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Rfid.Epcs;
using EdgeAgent.Simulators.Cabinets;

namespace EdgeAgent.Benchmarks.Shelf;

/// <summary>Seeded uses of two fridges by tags, and of a drawn shelf by pictures, against what really happened.</summary>
internal static class ShelfBenchmark
{
    private const int UsesPerSeed = 100;

    public static Task<ResultTable> RunAsync()
    {
        var rows = new List<string[]>();
        foreach ((string name, CabinetTrouble trouble, ulong first, int seeds) in new[]
        {
            ("tags, nothing in the way", CabinetTrouble.Easy, 1000UL, 2), ("tags, usual: hidden goods, reads through the glass, shoppers that linger", CabinetTrouble.Usual, 2000UL, 10),
            ("tags, hard: more of everything", CabinetTrouble.Hard, 3000UL, 4),
        })
        {
            CabinetScore sum = Enumerable.Range(0, seeds).Select(i => CabinetScore.Of(first + (ulong)i, trouble, UsesPerSeed, EpcIdentity.Identify)).Aggregate((a, b) => a + b);
            rows.Add(Row(name, sum));
            foreach (string example in sum.Examples)
            {
                Console.Error.WriteLine($"{name}: {example}");
            }
        }
        rows.AddRange(ShelfPictures.Rows());
        return Task.FromResult(new ResultTable(
            "What was taken from a fridge and returned, told once for each use: right when all of it is, or when something foreign was put in and the use is held.",
            ["what looks", "uses", "right", "held", "wrong", "items invented", "items of held uses that were not moved", "not told, or twice"], rows,
            [
                "Tags: 36 tags in two fridges side by side, five inventory rounds a second. Usual: a tenth of the tags are read in 15 to 40 of 100 rounds, a third are heard through the glass in up to 20, shoppers stand there for up to 6 s with what they took, "
                    + "one in seven wears tagged clothes, goods are pushed behind each other. Hard: 30 %, up to 30, 12 s, one in three. A model of reads, not of radio waves.",
                "Held: nothing is charged, a person decides. A use in which something foreign was put in counts as right only when it is held.",
                .. ShelfPictures.Notes,
            ]));
    }

    internal static string[] Row(string name, CabinetScore s) =>
        [name, $"{s.Uses}", $"{s.RightShare:P1}", $"{(double)s.Held / s.Uses:P1}", $"{s.Wrong}", $"{s.Invented}", $"{s.HeldWrongly}", $"{s.Missing}"];
}
