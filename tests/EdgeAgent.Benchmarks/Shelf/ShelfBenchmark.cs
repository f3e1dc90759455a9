using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Rfid.Epcs;
using EdgeAgent.Simulators.Cabinets;

namespace EdgeAgent.Benchmarks.Shelf;

/// <summary>Seeded uses of two fridges by tags, and of a drawn shelf by pictures, against what really happened.</summary>
internal static class ShelfBenchmark
{
    private const int UsesPerSeed = 100;
    private const int EasySeeds = 5;
    private static readonly SeedRange s_usual = new(34_001, 34_030);

    /// <param name="others">Seeds of the scenes by tags, in the place of those of the table.</param>
    public static Task<ResultTable> RunAsync(SeedRange? others)
    {
        SeedRange seeds = others ?? s_usual;
        var rows = new List<string[]>();
        foreach ((string name, CabinetTrouble trouble, IEnumerable<ulong> played) in new[]
        {
            ("tags, nothing in the way", CabinetTrouble.Easy, seeds.All.Take(EasySeeds)),
            ("tags, usual: hidden goods, reads through the glass, shoppers that linger", CabinetTrouble.Usual, seeds.All),
            ("tags, hard: more of everything", CabinetTrouble.Hard, seeds.All),
        })
        {
            CabinetScore sum = played.Select(seed => CabinetScore.Of(seed, trouble, UsesPerSeed, EpcIdentity.Identify)).Aggregate((a, b) => a + b);
            rows.Add(Row(name, sum));
            foreach (string example in sum.Examples)
            {
                Console.Error.WriteLine($"{name}: {example}");
            }
        }
        rows.AddRange(ShelfPictures.Rows(others));
        return Task.FromResult(new ResultTable(
            "What was taken from a fridge and returned, told once for each use: right when all of it is, or when something foreign was put in and the use is held.",
            ["what looks", "uses", "right", "held", "wrong", "items invented", "items of held uses that were not moved", "not told, or twice"], rows,
            [
                $"Seeds {seeds}, {UsesPerSeed} uses each; `--seeds FROM..TO` takes others. {(others is null ? "Rules were made on seeds 4000 to 6019, 10000 to 10199 and 20000 to 20199; these were not looked at. " : "")}About four uses of ten move anything: fridges sell out and are not filled again.",
                "Tags: 36 tags in two fridges side by side, five inventory rounds a second. Usual: a tenth of the tags are read in 15 to 40 of 100 rounds, a third are heard through the glass in up to 20, shoppers stand there for up to 6 s with what they took, "
                    + "one in seven wears tagged clothes, goods are pushed behind each other. Hard: 30 %, up to 30, 12 s, one in three. A model of reads, not of radio waves.",
                "Held: nothing is charged, a person decides. A use in which something foreign was put in counts as right only when it is held.",
                .. ShelfPictures.Notes(others),
            ]));
    }

    internal static string[] Row(string name, CabinetScore s) =>
        [name, $"{s.Uses}", $"{s.RightShare:P1}", $"{(double)s.Held / s.Uses:P1}", $"{s.Wrong}", $"{s.Invented}", $"{s.HeldWrongly}", $"{s.Missing}"];
}
