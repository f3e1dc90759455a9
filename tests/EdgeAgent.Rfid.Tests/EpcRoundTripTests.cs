using EdgeAgent.Core;
using EdgeAgent.Core.Gs1;
using EdgeAgent.Rfid.Epcs;

namespace EdgeAgent.Rfid.Tests;

/// <summary>Random but seeded codes of every scheme, there and back; and bits that nobody wrote.</summary>
public class EpcRoundTripTests
{
    private const int CodesPerScheme = 300;

    public static TheoryData<string> Schemes => [.. EpcScheme.All.Select(static s => s.Name)];

    [Theory]
    [MemberData(nameof(Schemes))]
    public void Whatever_a_scheme_can_say_comes_back(string name)
    {
        EpcScheme scheme = EpcScheme.Find(name)!;
        var some = new SomeIdentities(name.Sum(static c => c));
        for (int i = 0; i < CodesPerScheme; i++)
        {
            int filter = scheme.FilterBits == 0 ? -1 : some.Below(1 << scheme.FilterBits);
            Epc epc = scheme.IsPlus ? Plus(scheme, some, filter) : Old(scheme, some, filter);
            Assert.True(epc.Bits <= Epc.MaxBits);
            Assert.True(EpcDecoder.TryDecode(epc, out _, out string error), error);
            EpcCode code = Decoded(epc);
            foreach (string form in new[] { code.TagUri, code.DigitalLink }.Where(static f => f is not null).Cast<string>())
            {
                var options = new EpcTextOptions(scheme, filter, code.Identity?.CompanyDigits);
                Assert.True(EpcText.TryEncode(form, options, out Epc again, out error), $"{form}: {error}");
                Assert.Equal(epc, again);
            }
        }
    }

    [Fact]
    public void Every_header_is_of_one_scheme()
    {
        Assert.Equal(46, EpcScheme.All.Count);
        Assert.Equal(46, EpcScheme.All.Select(static s => s.Header).Distinct().Count());
        Assert.All(EpcScheme.All, static s => Assert.Same(s, EpcScheme.Find(s.Header)));
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void No_changed_bit_and_no_cut_breaks_the_decoder(string name)
    {
        EpcScheme scheme = EpcScheme.Find(name)!;
        var some = new SomeIdentities(7);
        var dice = new Random(11);
        Span<byte> bytes = stackalloc byte[Epc.MaxBits / 8];
        for (int i = 0; i < 2_500; i++)
        {
            int filter = scheme.FilterBits == 0 ? -1 : 1;
            Epc epc = scheme.IsPlus ? Plus(scheme, some, filter) : Old(scheme, some, filter);
            epc.Bytes.CopyTo(bytes);
            for (int flips = dice.Next(4); flips >= 0; flips--)
            {
                int bit = dice.Next(epc.Bits);
                bytes[bit >> 3] ^= (byte)(0x80 >> (bit & 7));
            }
            int bits = i % 3 == 0 ? dice.Next(epc.Bits + 1) : epc.Bits;
            var changed = new Epc(bytes[..((bits + 7) / 8)], bits);
            if (EpcDecoder.TryDecode(changed, out EpcCode code, out string error))
            {
                // What is understood has all its forms, and they name the same code.
                Assert.True(code.TagUri is not null || code.DigitalLink is not null);
                Assert.True(code.Gtin is null || Core.Checkout.Gtin.IsValid14(code.Gtin));
            }
            else
            {
                Assert.EndsWith(".", error, StringComparison.Ordinal);
            }
            EpcIdentity.Identify(changed);
        }
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void A_code_of_fixed_length_is_refused_when_it_is_cut(string name)
    {
        EpcScheme scheme = EpcScheme.Find(name)!;
        if (scheme.Bits == 0)
        {
            return;
        }
        Epc whole = Old(scheme, new SomeIdentities(3), scheme.FilterBits == 0 ? -1 : 0);
        for (int bits = 8; bits < scheme.Bits; bits++)
        {
            Assert.False(EpcDecoder.TryDecode(new Epc(whole.Bytes[..((bits + 7) / 8)], bits), out _, out string error));
            Assert.Equal($"This is no {name}: it is cut: {bits} of {scheme.Bits} bits.", error);
        }
    }

    [Fact]
    public void No_text_whatsoever_breaks_the_encoder()
    {
        string[] seeds =
        [
            "urn:epc:tag:sgtin-96:3.0614141.812345.6789", "urn:epc:id:adi:W81X9C.3KL984PX1.2WMA-52", "(01)80614141123458(21)32a/b",
            "https://example.com/01/79521141123453/21/32a%2Fb?17=220630", "^010952012345678821A", "(8010)061414198765(8011)12345",
        ];
        const string Letters = "0123456789.:/%&?#()^ABCxyz-_ \u001dé";
        var dice = new Random(5);
        for (int i = 0; i < 30_000; i++)
        {
            char[] text = seeds[i % seeds.Length].ToCharArray();
            for (int changes = dice.Next(4); changes >= 0; changes--)
            {
                text[dice.Next(text.Length)] = Letters[dice.Next(Letters.Length)];
            }
            string changed = new(text, 0, i % 5 == 0 ? dice.Next(text.Length) : text.Length);
            if (EpcText.TryEncode(changed, new EpcTextOptions(null, 1, 6 + (i % 7)), out Epc epc, out string error))
            {
                Decoded(epc);
            }
            else
            {
                Assert.EndsWith(".", error, StringComparison.Ordinal);
            }
        }
    }

    private static Epc Old(EpcScheme scheme, SomeIdentities some, int filter)
    {
        PureIdentity identity = some.For(scheme);
        Assert.True(EpcEncoder.TryEncode(scheme, identity, filter, out Epc epc, out string error), error);
        EpcCode code = Decoded(epc);
        Assert.Equal(identity.Uri, code.PureIdentityUri);
        Assert.Equal(filter, code.Filter);
        Assert.Same(scheme, code.Scheme);
        return epc;
    }

    private static Epc Plus(EpcScheme scheme, SomeIdentities some, int filter)
    {
        IReadOnlyList<Gs1Element> elements = some.ElementsFor(scheme);
        string? host = scheme.HasHostname ? some.Host() : null;
        Assert.True(EpcEncoder.TryEncode(scheme, elements, host, filter, out Epc epc, out string error), error);
        EpcCode code = Decoded(epc);
        Assert.Equal(Gs1Element.Bracketed(elements), code.ElementString);
        Assert.Equal(host, code.Hostname);
        Assert.Equal(filter, code.Filter);
        Assert.Same(scheme, code.Scheme);
        return epc;
    }

    private static EpcCode Decoded(in Epc epc)
    {
        Assert.True(EpcDecoder.TryDecode(epc, out EpcCode code, out string error), $"{epc.ToHex()}: {error}");
        return code;
    }
}
