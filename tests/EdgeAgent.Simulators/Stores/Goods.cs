using EdgeAgent.Core;
using EdgeAgent.Rfid.Epcs;

namespace EdgeAgent.Simulators.Stores;

/// <summary>One product of the made-up store. The company prefix 0614141 is the one that GS1's own examples use.</summary>
/// <param name="Price">In cents.</param>
public sealed record Product(string Gtin, long Price)
{
    /// <summary>The tag on one piece of it.</summary>
    public Epc Tag(ulong serial) => Sgtin96.Encode(Gtin, gcpLength: 7, filter: 1, serial);
}

/// <summary>What the made-up stores of the demo and of the scenarios sell.</summary>
public static class Goods
{
    public static Product Cola { get; } = new("00614141000012", 129);
    public static Product Shirt { get; } = new("00614141000029", 2499);
    public static Product Scarf { get; } = new("00614141000036", 1290);
    public static Product Socks { get; } = new("00614141000043", 499);
    public static Product Book { get; } = new("00614141000050", 1800);

    public static IReadOnlyList<Product> All { get; } = [Cola, Shirt, Scarf, Socks, Book];
}

/// <summary>A bag that is carried out: when, with what, and what the store should decide.</summary>
/// <param name="Passage">When it leaves the gate, since the start.</param>
public sealed record CarriedBag(TimeSpan Passage, IReadOnlyList<Epc> Epcs, string? Decision = null);
