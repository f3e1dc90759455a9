using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Core;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid.Epcs;

namespace EdgeAgent.Benchmarks.Shop;

/// <summary>For how long a new price list of the greatest size holds up the shop: when the shop sorts it itself, and when it is given the sorted book.</summary>
internal static class PricesBenchmark
{
    private const int Prices = 200_000;
    private const int RoundCount = 15;

    public static async Task<ResultTable> RunAsync()
    {
        var random = new Random(1);
        int[] order = [.. Enumerable.Range(0, Prices)];
        random.Shuffle(order);
        var list = new PriceList("EUR", [.. order.Select(n => new PriceConfig($"0061414{n:D6}" is var digits ? digits + Gtin.CheckDigit(digits) : "", 100 + (n % 9_900)))]);
        var floor = new ShopFloor(ShopDay.Config, EpcIdentity.Identify, Randomness.Seeded(1));
        var events = new List<ShopEvent>();
        DateTimeOffset at = ShopDay.Inputs(1)[0].At;
        ShopInput.PricesChanged made = null!;
        var inLoop = new Side(() => Swap(new ShopInput.PricesChanged(at, list)));
        var beside = new Side(() => Swap(made), () => made = new ShopInput.PricesChanged(at, list));
        await Rounds.RunAsync(3, RoundCount, inLoop, beside);

        string[] Row(string what, Side side) => [what, ResultTable.Number(side.ProcessorEach * 1e6), ResultTable.Ratio(1 / side.ProcessorRatioTo(inLoop))];
        return new ResultTable(
            $"The swap of a list of {Prices:N0} prices takes the shop {ResultTable.Number(beside.ProcessorEach * 1e6)} µs; to sort it takes {ResultTable.Number(inLoop.ProcessorEach * 1e3)} ms, and is done beside the shop.",
            ["what", "µs", "against sorting in the loop"],
            [
                Row("the shop sorts the list (before; baseline)", inLoop), Row("the shop is given the sorted book", beside),
            ],
            [
                $"Medians of {RoundCount} rounds, processor time of one thread, both sides in turn in each. Sorting is with the digest over the list, by which a decision knows its prices again after a restart.",
            ]);

        int Swap(ShopInput input)
        {
            floor.On(input, events);
            return 1;
        }
    }
}
