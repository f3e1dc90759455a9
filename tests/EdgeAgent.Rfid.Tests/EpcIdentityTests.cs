using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeAgent.Core;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Rfid.Epcs;

namespace EdgeAgent.Rfid.Tests;

public partial class EpcIdentityTests
{
    [Fact]
    public void The_identity_is_the_shops_own_contract()
    {
        IdentifyItem identify = EpcIdentity.Identify;
        Assert.Equal(new ItemIdentity(EpcKind.TradeItem, "80614141123458", "6789", 3), identify(Epc("3074257BF7194E4000001A85")));
    }

    [SharedFact]
    public void Every_SGTIN_vector_decodes()
    {
        int decoded = 0;
        foreach (JsonElement vector in SharedVectors.Epcs())
        {
            if (vector.Text("hex") is not { } hex || vector.Text("expect") == "invalid" || !(hex.StartsWith("30", StringComparison.Ordinal) || hex.StartsWith("36", StringComparison.Ordinal)))
            {
                continue;
            }
            ItemIdentity item = EpcIdentity.Identify(Epc(hex));
            Assert.True(item.Kind == EpcKind.TradeItem, vector.ToString());
            // urn:epc:tag:sgtin-96:filter.company.item.serial, or urn:epc:id:sgtin:company.item.serial with the filter beside it.
            // bytefeld's vectors have no URI, only the parts.
            (string company, string reference, string serial, int? filter) = Parts(vector);
            string first13 = reference[0] + company + reference[1..];
            Assert.Equal(first13 + Gtin.CheckDigit(first13), item.Gtin);
            Assert.Equal(serial, item.Serial);
            Assert.Equal(filter, item.Filter);
            if (vector.Text("gtin14") is { } gtin)
            {
                Assert.Equal(gtin, item.Gtin);
            }
            if (vector.Text("gs1ElementString") is { } element)
            {
                Assert.Equal(element.Replace(" ", "", StringComparison.Ordinal), $"(01){item.Gtin}(21){item.Serial}");
            }
            if (vector.Text("ean13") is { } ean)
            {
                Assert.Equal("0" + ean, item.Gtin);
            }
            decoded++;
        }
        Assert.True(decoded >= 60, $"{decoded}");
    }

    [SharedFact]
    public void Codes_of_other_schemes_are_known_but_no_items()
    {
        int others = 0;
        foreach (EpcVector vector in EpcVector.Valid().Where(static v => v.Hex is not null && v.Decoded().Gtin is null))
        {
            ItemIdentity item = EpcIdentity.Identify(EpcVector.Tag(vector.Hex!));
            Assert.True(item.Kind == EpcKind.OtherScheme && item.Gtin is null && item.Serial is null, vector.Json.ToString());
            Assert.Equal(vector.Decoded().Scheme.FilterBits == 3 ? vector.Decoded().Filter : -1, item.Filter);
            others++;
        }
        Assert.True(others >= 51, $"{others}");
    }

    [Theory]
    [InlineData("F73795211411234530400300", "79521141123453", "0012", 3)] // SGTIN+, a number with leading zeros
    [InlineData("FC342CDE795211411234538566CB0AFC525065F1876F0D996D80", "79521141123453", "32a/b", 3)] // DSGTIN++
    public void Trade_items_of_the_newer_schemes_are_items(string hex, string gtin, string serial, int filter) =>
        Assert.Equal(new ItemIdentity(EpcKind.TradeItem, gtin, serial, filter), EpcIdentity.Identify(EpcVector.Tag(hex)));

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("000000000000000000000000")]
    [InlineData("E28011606000020000000001")] // a TID
    [InlineData("307C257BF7194E4000001A85")] // partition 7
    [InlineData("303FFFFFFFFFFFFFC0000001")] // partition 7, all ones
    [InlineData("3023FFFFFFFFFFC000000001")] // company prefix with more digits than the partition has
    [InlineData("3074257BF7194E4000001A")] // cut
    [InlineData("3074257BF7194E4000001A850001")] // something behind the code
    [InlineData("3674257BF6B7A659B2C2BF100000000000000000000000000001")] // padding that is not zero
    [InlineData("3674257BF6B7A659B2C2BF100000000000000000000000000100")] // a character after the end of the serial
    [InlineData("3674257BF6B7A6000000000000000000000000000000000000")] // too short for SGTIN-198
    [InlineData("3674257BF6B780000000000000000000000000000000000000000000")] // no serial
    public void What_no_encoder_wrote_is_unprogrammed(string hex)
    {
        Assert.Equal(EpcKind.Unprogrammed, EpcIdentity.Identify(Epc(hex)).Kind);
    }

    [Fact]
    public void No_bytes_whatsoever_break_it()
    {
        var dice = new Random(7);
        Span<byte> bytes = stackalloc byte[62];
        for (int i = 0; i < 100_000; i++)
        {
            int bits = dice.Next(Core.Epc.MaxBits + 1);
            Span<byte> code = bytes[..((bits + 7) / 8)];
            dice.NextBytes(code);
            if (code.Length > 0 && i % 2 == 0)
            {
                code[0] = i % 4 == 0 ? (byte)0x30 : (byte)0x36;
            }
            ItemIdentity item = EpcIdentity.Identify(new Epc(code, bits));
            Assert.True(item.Kind != EpcKind.TradeItem || (item.Gtin!.Length == 14 && item.Serial!.Length is > 0 and <= 20));
        }
    }

    [SharedFact]
    public void SGTIN_96_is_written_as_the_vectors_have_it()
    {
        int encoded = 0;
        foreach (JsonElement vector in SharedVectors.Epcs())
        {
            if (vector.Text("hex") is { } hex && hex.StartsWith("30", StringComparison.Ordinal) && hex.Length == 24)
            {
                ItemIdentity item = EpcIdentity.Identify(Epc(hex));
                (string company, _, string serial, int? filter) = Parts(vector);
                Epc epc = Sgtin96.Encode(item.Gtin!, company.Length, filter!.Value, ulong.Parse(serial, null));
                Assert.Equal(Epc(hex), epc);
                encoded++;
            }
        }
        Assert.InRange(encoded, 25, 100);
    }

    [Theory]
    [InlineData("09506000134353", 7, 1, 1UL, "The check digit of 09506000134353 must be 2.")]
    [InlineData("9506000134352", 7, 1, 1UL, "A GTIN-14 has fourteen digits; got '9506000134352'.")]
    [InlineData("0950600013435x", 7, 1, 1UL, "A GTIN-14 has fourteen digits; got '0950600013435x'.")]
    [InlineData("09506000134352", 5, 1, 1UL, "A company prefix has 6 to 12 digits; got 5.")]
    [InlineData("09506000134352", 13, 1, 1UL, "A company prefix has 6 to 12 digits; got 13.")]
    [InlineData("09506000134352", 7, 8, 1UL, "A filter value is 0 to 7; got 8.")]
    [InlineData("09506000134352", 7, 1, 274877906944UL, "A serial of SGTIN-96 is below 274877906944; got 274877906944.")]
    public void Bad_input_for_a_tag_is_named(string gtin, int gcpLength, int filter, ulong serial, string expected)
    {
        Assert.False(Sgtin96.TryEncode(gtin, gcpLength, filter, serial, out _, out string error));
        Assert.Equal(expected, error);
        Assert.Equal(expected, Assert.Throws<ArgumentException>(() => Sgtin96.Encode(gtin, gcpLength, filter, serial)).Message);
    }

    private static Epc Epc(string hex) => Core.Epc.TryParse(hex, out Epc epc) ? epc : throw new ArgumentException(hex);

    private static (string Company, string Reference, string Serial, int? Filter) Parts(JsonElement vector)
    {
        if (vector.Text("companyPrefix") is { } prefix)
        {
            return (prefix, vector.Text("indicator") + vector.Text("itemReference"), vector.Text("serial")!, vector.GetProperty("filter").GetInt32());
        }
        Match tag = SgtinUri().Match(vector.Text("tagUri") ?? vector.Text("tag_uri") ?? vector.Text("uri")!);
        Assert.True(tag.Success, vector.ToString());
        int? filter = tag.Groups["filter"].Success ? int.Parse(tag.Groups["filter"].ValueSpan, null) : vector.GetProperty("filter").GetInt32();
        return (tag.Groups["company"].Value, tag.Groups["item"].Value, Uri.UnescapeDataString(tag.Groups["serial"].Value), filter);
    }

    [GeneratedRegex(@"^urn:epc:(tag:sgtin-\d+:(?<filter>\d)\.|id:sgtin:)(?<company>\d+)\.(?<item>\d+)\.(?<serial>.+)$")]
    private static partial Regex SgtinUri();
}
