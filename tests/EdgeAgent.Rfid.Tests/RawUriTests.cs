using EdgeAgent.Core;
using EdgeAgent.Rfid.Epcs;

namespace EdgeAgent.Rfid.Tests;

/// <summary>EPC raw URIs, and texts that name no single code.</summary>
public sealed class RawUriTests
{
    [Theory]
    [InlineData("urn:epc:raw:96.x3074257BF7194E4000001A85", "3074257BF7194E4000001A85", 96)]
    [InlineData("urn:epc:raw:96.14995692880814596164774009477", "3074257BF7194E4000001A85", 96)]
    [InlineData("urn:epc:raw:64.xFFFFFFFFFFFFFFFF", "FFFFFFFFFFFFFFFF", 64)]
    [InlineData("urn:epc:raw:12.xABC", "ABC0", 12)]
    [InlineData("urn:epc:raw:16.x1", "0001", 16)]
    [InlineData("urn:epc:raw:8.0", "00", 8)]
    public void A_raw_URI_is_bits(string uri, string hex, int bits)
    {
        Assert.True(RawUri.TryParse(uri, out Epc epc, out string error), error);
        Assert.Equal((hex, bits), (epc.ToHex(), epc.Bits));
    }

    [Theory]
    [InlineData("urn:epc:raw:96", "'urn:epc:raw:96' is no raw URI: it is urn:epc:raw:LENGTH.xHEX, where the length is 1 to 496 bits.")]
    [InlineData("urn:epc:raw:0.x0", "'urn:epc:raw:0.x0' is no raw URI: it is urn:epc:raw:LENGTH.xHEX, where the length is 1 to 496 bits.")]
    [InlineData("urn:epc:raw:096.x0", "'urn:epc:raw:096.x0' is no raw URI: it is urn:epc:raw:LENGTH.xHEX, where the length is 1 to 496 bits.")]
    [InlineData("urn:epc:raw:8.x100", "'x100' of a raw URI has 9 bits, more than the 8 it says.")]
    [InlineData("urn:epc:raw:8.x", "'x' of a raw URI is neither x and hexadecimal digits nor a decimal number.")]
    [InlineData("urn:epc:raw:8.F0", "'F0' of a raw URI is neither x and hexadecimal digits nor a decimal number.")]
    [InlineData("urn:epc:raw:96.xA2.x3074257BF7194E4000001A85", "The tag follows ISO/IEC 15961 (application family A2), it carries no EPC.")]
    public void What_is_none_is_refused_with_its_reason(string uri, string expected)
    {
        Assert.False(RawUri.TryParse(uri, out _, out string error));
        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData("urn:epc:idpat:sgtin:0614141.112345.*")]
    [InlineData("urn:epc:pat:sgtin-96:3.0614141.112345.*")]
    public void A_pattern_is_told_for_what_it_is(string uri)
    {
        Assert.False(EpcText.TryRead(uri, new EpcTextOptions(), out _, out _, out string error));
        Assert.Equal($"'{uri}' is a pattern, which names many tags; give the URI of one.", error);
    }

    [Fact]
    public void Bits_of_a_scheme_are_written_as_they_are_and_others_refused()
    {
        Assert.True(EpcText.TryEncode("urn:epc:raw:96.x3074257BF7194E4000001A85", new EpcTextOptions(), out Epc epc, out string error), error);
        Assert.Equal("3074257BF7194E4000001A85", epc.ToHex());
        Assert.False(EpcText.TryEncode("urn:epc:raw:96.xE2801160600002083E75BA94", new EpcTextOptions(), out _, out error));
        Assert.StartsWith("The header E2 begins a chip's own number", error, StringComparison.Ordinal);
    }
}
