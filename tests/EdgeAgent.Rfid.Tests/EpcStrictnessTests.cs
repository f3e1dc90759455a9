using EdgeAgent.Rfid.Epcs;

namespace EdgeAgent.Rfid.Tests;

/// <summary>What is wrong is refused, and the sentence says what it is.</summary>
public class EpcStrictnessTests
{
    [Theory]
    [InlineData("000000000000000000000000", "All bits are zero: the tag was never written.")]
    [InlineData("E28011606000020000000001", "The header E2 begins a chip's own number (TID), not an EPC: the tag was never written, or the wrong bank was read.")]
    [InlineData("FF8011606000020000000001", "The header FF belongs to no scheme.")]
    [InlineData("3", "A code has a header of 8 bits; got 4 bits.")]
    [InlineData("307C257BF7194E4000001A85", "This is no SGTIN-96: its partition is 7, and no company prefix has so few digits.")]
    [InlineData("3023FFFFFFFFFFC000000001", "This is no SGTIN-96: its company prefix 1099511627775 has more than the 12 digits of partition 0.")]
    [InlineData("3074000003FFFFC000000001", "This is no SGTIN-96: its reference 1048575 has more than the 6 digits of partition 5.")]
    [InlineData("3074257BF7194E4000001A", "This is no SGTIN-96: it is cut: 88 of 96 bits.")]
    [InlineData("3074257BF7194E4000001A850001", "This is no SGTIN-96: bits that are not zero follow its 96 bits.")]
    [InlineData("3154257BF4499602D2000001", "This is no SSCC-96: its 24 reserved bits are not zero.")]
    [InlineData("3300393243FF747FFFFFFFFF", "This is no GRAI-96: its reference is 1, where partition 0 has room for none.")]
    [InlineData("3674257BF6B7A659B2C2BF100000000000000000000000001000", "This is no SGTIN-198: a character follows the end of its text.")]
    [InlineData("3674257BF6B7A640000000000000000000000000000000000000", "This is no SGTIN-198: its text is empty.")]
    [InlineData("3674257BF6B7A644800000000000000000000000000000000000", "This is no SGTIN-198: its text has the 7-bit value 9, which is no character of GS1 set 82.")]
    [InlineData("3F74F4E4E612640000000000", "This is no SGCN-96: its serial is written as 0, which is not a 1 and then 1 to 12 digits.")]
    [InlineData("F73795211411234538566CB0AFC5", "This is no SGTIN+: bits that are not zero follow its 111 bits.")]
    [InlineData("F73795211411234548566CB0AFC4", "This is no SGTIN+: (01) has the check digit 4, which must be 3.")]
    [InlineData("F7379521141123453C566CB0AFC4", "This is no SGTIN+: its encoding indicator 6 is reserved.")]
    [InlineData("F7379521141123453800000000000", "This is no SGTIN+: it says that 0 characters follow, where 1 to 20 may.")]
    [InlineData("F7379521141123453857", "This is no SGTIN+: it ends within its text.")]
    [InlineData("F73795A11411234538566CB0AFC4", "This is no SGTIN+: it has the value 10 where a digit must be.")]
    [InlineData("F9009520123456789123", "This is no SSCC+: it is cut.")]
    [InlineData("FB372CDE795211411234538566CB0AFC4", "This is no DSGTIN+: its date type 7 is reserved.")]
    [InlineData("FB342DBF795211411234538566CB0AFC4", "This is no DSGTIN+: its day 221331 is no day.")]
    [InlineData("FAFB", "This is no GIAI+: its value does not begin with a digit.")]
    public void A_code_that_no_encoder_writes_is_refused_with_its_reason(string hex, string expected)
    {
        Assert.False(EpcDecoder.TryDecode(EpcVector.Tag(hex), out _, out string error));
        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData(0x3000, "")]
    [InlineData(0x31A1, "The tag follows ISO/IEC 15961 (application family A1), it carries no EPC.")]
    [InlineData(0x3800, "The tag says that its code has 7 words of 16 bits, and 96 bits were read.")]
    public void The_control_word_tells_tags_of_ISO_and_cut_codes(int pc, string expected)
    {
        Assert.Equal(expected.Length == 0, EpcDecoder.TryDecode(EpcVector.Tag("3074257BF7194E4000001A85"), out _, out string error, (ushort)pc));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void The_toggle_says_that_further_data_stands_behind_the_code()
    {
        Assert.True(EpcDecoder.TryDecode(EpcVector.Tag("F9809520123456789123517220630"), out EpcCode code, out string error), error);
        Assert.True(code.DataToggle);
        Assert.Equal("(00)095201234567891235", code.ElementString);
        Assert.Equal(84, code.Bits);
    }

    [Theory]
    [InlineData("urn:epc:tag:sgtin-96:3.0614141.812345.007", "SGTIN-96 cannot carry urn:epc:id:sgtin:0614141.812345.007: '007' is not a number without leading zeros.")]
    [InlineData("urn:epc:tag:sgtin-96:3.0614141.812345.274877906944", "SGTIN-96 cannot carry urn:epc:id:sgtin:0614141.812345.274877906944: 274877906944 is not below 274877906944, the limit of 38 bits.")]
    [InlineData("urn:epc:tag:sgtin-96:8.0614141.812345.7", "A filter value of SGTIN-96 is 0 to 7; got 8.")]
    [InlineData("urn:epc:tag:sgtin-96:3.0614141.81234.7", "SGTIN: the item reference '81234' must be 6 digits.")]
    [InlineData("urn:epc:tag:sgtin-96:3.06141.81234567.7", "SGTIN: the company prefix '06141' must be 6 to 12 digits.")]
    [InlineData("urn:epc:tag:sgtin-198:3.0614141.812345.", "SGTIN: the serial '' must be 1 to 20 characters of GS1 set 82.")]
    [InlineData("urn:epc:tag:sgtin-198:3.0614141.812345.a/b", "SGTIN: 'a/b' has a character that must be escaped or cannot be written, or a broken % escape.")]
    [InlineData("urn:epc:tag:sgtin-198:3.0614141.812345.a%2", "SGTIN: 'a%2' has a character that must be escaped or cannot be written, or a broken % escape.")]
    [InlineData("urn:epc:tag:sgtin-198:3.0614141.812345.a%23", "SGTIN: the serial 'a#' must be 1 to 20 characters of GS1 set 82.")]
    [InlineData("urn:epc:tag:sgtin-64:3.0614141.812345.1", "'urn:epc:tag:sgtin-64:3.0614141.812345.1' is no EPC tag URI: it must begin with urn:epc:tag: and a scheme such as sgtin-96, and a colon.")]
    [InlineData("urn:epc:tag:cpi-96:0.0614141.123456789.1", "CPI-96 cannot carry urn:epc:id:cpi:0614141.123456789.1: '123456789' has more than 8 digits.")]
    [InlineData("urn:epc:tag:cpi-96:0.0614141.012.1", "CPI-96 cannot carry urn:epc:id:cpi:0614141.012.1: '012' is not a number without leading zeros.")]
    [InlineData("urn:epc:id:bic:CSQJ3054381", "BIC has no binary coding scheme: its codes are not written to tags.")]
    [InlineData("(01)80614141123457(21)1", "(01) has the check digit 7, which must be 8.")]
    [InlineData("(01)80614141123458", "No scheme carries (01)80614141123458.")]
    [InlineData("(8003)00614141123452", "GRAI+ needs a serial in (8003).")]
    [InlineData("hello", "A GS1 element string begins with an application identifier in brackets, such as (01).")]
    public void A_text_that_no_tag_carries_is_refused_with_its_reason(string text, string expected)
    {
        Assert.False(EpcText.TryEncode(text, new EpcTextOptions(), out _, out string error));
        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData("urn:epc:id:sgtin:0614141.712345.%22%25%26%2F%3C%3E%3F!'()*+,-.:")]
    [InlineData("urn:epc:id:sgtin:0614141.712345.;=_AZaz09")]
    public void Serials_are_escaped_in_URIs_and_plain_on_the_tag_and_in_element_strings(string uri)
    {
        Assert.True(EpcText.TryEncode(uri, new EpcTextOptions(), out Core.Epc epc, out string error), error);
        Assert.True(EpcDecoder.TryDecode(epc, out EpcCode code, out error), error);
        Assert.Equal("SGTIN-198", code.Scheme.Name);
        Assert.Equal(uri, code.PureIdentityUri);
        Assert.Equal(Uri.UnescapeDataString(uri[(uri.LastIndexOf("712345.", StringComparison.Ordinal) + 7)..]), code.Serial);
        Assert.Equal(code.Serial, code.ElementString!.Split("(21)")[1]);
    }

    [Theory]
    [InlineData("Z", "F73795211411234536164")] // base 64
    [InlineData("ABC", "F737952114112345323ABC")] // hexadecimal
    [InlineData("XYZ", "F7379521141123453A39A03")] // URN Code 40: 24×1600 + 25×40 + 26 + 1 = 39427
    public void The_shortest_way_to_write_a_serial_is_taken(string serial, string hex)
    {
        Assert.True(EpcText.TryEncode($"(01)79521141123453(21){serial}", new EpcTextOptions(Filter: 3), out Core.Epc epc, out string error), error);
        Assert.True(EpcDecoder.TryDecode(epc, out EpcCode code, out error), error);
        Assert.Equal(serial, code.Serial);
        Assert.Equal(EpcVector.Bare(hex), EpcVector.Bare(epc.ToHex()));
    }

    [Theory]
    [InlineData("https://example.com/01/79521141123453/21/32a%2Fb", "FD3795211411234538566CB0AFC5232F8C3B786CCB6C")]
    [InlineData("https://id.example.com/01/79521141123453/21/32a%2Fb", "FD3795211411234538566CB0AFC525065F1876F0D996D8")]
    [InlineData("https://id.gs1.org/01/79521141123453/21/32a%2Fb", "F73795211411234538566CB0AFC4")]
    [InlineData("https://id.gs1.org/01/79521141123453/21/32a%2Fb?17=220630", "FB342CDE795211411234538566CB0AFC4")]
    public void The_host_of_a_Digital_Link_chooses_the_scheme_and_comes_back(string link, string hex)
    {
        Assert.True(EpcText.TryEncode(link, new EpcTextOptions(Filter: 3), out Core.Epc epc, out string error), error);
        Assert.Equal(EpcVector.Bare(hex), EpcVector.Bare(epc.ToHex()));
        Assert.True(EpcDecoder.TryDecode(epc, out EpcCode code, out error), error);
        Assert.Equal(link, code.DigitalLink);
    }
}
