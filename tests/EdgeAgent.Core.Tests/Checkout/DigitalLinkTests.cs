using System.Text.Json;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Gs1;

namespace EdgeAgent.Core.Tests.Checkout;

public class DigitalLinkTests
{
    private const string Vectors = "vectors/gs1/digital-link.json";

    [SharedFact("vectors/gs1")]
    public void Every_valid_link_gives_its_element_string_and_every_invalid_one_a_reason()
    {
        int valid = 0;
        int invalid = 0;
        using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(Shared.PathOf(Vectors)));
        foreach (JsonElement vector in file.RootElement.GetProperty("vectors").EnumerateArray())
        {
            string uri = vector.GetProperty("uri").GetString()!;
            bool shortGtin = vector.GetProperty("flags").EnumerateObject()
                .Any(static f => f.Name.Contains("GTIN", StringComparison.OrdinalIgnoreCase) && f.Value.ValueKind == JsonValueKind.True);
            bool read = DigitalLinkUri.TryParse(uri, out IReadOnlyList<Gs1Element> elements, out string error, shortGtin);
            Assert.True(read == vector.GetProperty("ok").GetBoolean(), $"{uri}: {error}");
            if (read)
            {
                Assert.Equal(vector.GetProperty("element_string_fnc1_as_caret").GetString(), Gs1Element.Plain(elements));
                Assert.True(Gs1ElementString.TryParse(Gs1Element.Plain(elements), out IReadOnlyList<Gs1Element> again, out error), error);
                Assert.Equal(elements, again);
                valid++;
            }
            else
            {
                Assert.EndsWith(".", error, StringComparison.Ordinal);
                Assert.Empty(elements);
                invalid++;
            }
        }
        Assert.True(valid >= 29 && invalid >= 12, $"{valid} {invalid}");
    }

    [Theory]
    [InlineData("https://id.gs1.org/01/09520123456788/21/12345", "09520123456788", "12345")]
    [InlineData("https://shop.example/menu/01/09520123456788?linkType=gs1:pip", "09520123456788", null)]
    [InlineData("HTTPS://shop.example/01/9520123456788/10/L1/21/a%2Fb#top", "09520123456788", "a/b")]
    [InlineData("http://shop.example/01/95010939", "00000095010939", null)]
    [InlineData("https://shop.example/menu/gtin/9520123456788/lot/L1/ser/a1", "09520123456788", "a1")]
    [InlineData("https://shop.example/8004/9520614141234567/01/09520123456788", "09520123456788", null)]
    public void A_link_to_a_trade_item_gives_its_number_and_serial(string link, string gtin, string? serial)
    {
        Assert.True(DigitalLink.TryParse(link, out ItemCode item, out string error), error);
        Assert.Equal(new ItemCode(gtin, serial), item);
    }

    [Theory]
    [InlineData("https://shop.example/", "The GS1 Digital Link has no primary key such as /01/ in its path.")]
    [InlineData("https://id.gs1.org/ARFKk4XB0CDKWcnpq", "The GS1 Digital Link has no primary key such as /01/ in its path; 'ARFKk4XB0CDKWcnpq' may be a compressed one, which is not read: expand it first.")]
    [InlineData("https://shop.example", "The GS1 Digital Link has no path with a key such as /01/.")]
    [InlineData("https://", "The GS1 Digital Link has no host.")]
    [InlineData("ftp://shop.example/01/09520123456788", "A GS1 Digital Link begins with https:// or http://.")]
    [InlineData("4012345678901", "A GS1 Digital Link begins with https:// or http://.")]
    [InlineData("https://a/00/952012345678912345", "The GS1 Digital Link names (00), not a trade item (01).")]
    [InlineData("https://a/01/09520123456789", "(01) has the check digit 9, which must be 8.")]
    [InlineData("https://a/01/0952012345678x", "(01) has 'x' where a digit must be.")]
    [InlineData("https://a/01/09520123456788/21/%2", "(21) has a broken % escape.")]
    [InlineData("https://a/01/09520123456788/21/%C3%A4", "(21) has the character 'Ã' that is not in its set.")]
    [InlineData("https://a/01/09520123456788/21/123456789012345678901", "(21) is too long: 21 characters, at most 20.")]
    [InlineData("https://a/01/09520123456788/21/1/10/2", "In a GS1 Digital Link (10) cannot stand there in the path after (01).")]
    [InlineData("https://a/01/09520123456788/235/1/21/2", "In a GS1 Digital Link (21) cannot stand there in the path after (01).")]
    [InlineData("https://a/01/09520123456788?21=2", "In a GS1 Digital Link (21) belongs into the path, not into the query.")]
    [InlineData("https://a/01/09520123456788?17=221331", "(17) has 221331 which is no date YYMMDD.")]
    [InlineData("https://a/01/09520123456788?99=A&99=B", "(99) is there twice.")]
    [InlineData("https://a/01/09520123456788?9=A", "(9) is not an application identifier.")]
    [InlineData("https://a/01/09520123456788/21/ä", "A GS1 Digital Link cannot have the character U+00E4.")]
    public void What_is_no_link_to_an_item_is_refused_with_its_reason(string link, string expected)
    {
        Assert.False(DigitalLink.TryParse(link, out _, out string error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void A_link_is_built_with_qualifiers_in_the_path_and_the_rest_in_the_query()
    {
        Gs1Element[] elements = [new("01", "09520123456788"), new("10", "A/1"), new("21", "5%"), new("17", "220630"), new("99", "x&y")];
        Assert.True(DigitalLinkUri.TryBuild("https://shop.example", elements, out string uri, out string error), error);
        Assert.Equal("https://shop.example/01/09520123456788/10/A%2F1/21/5%25?17=220630&99=x%26y", uri);
        Assert.True(DigitalLinkUri.TryParse(uri, out IReadOnlyList<Gs1Element> again, out error), error);
        Assert.Equal(elements, again);
    }

    [Fact]
    public void Words_are_numbers_in_old_links_only()
    {
        const string Link = "https://shop.example/gln/9520123456788/glnx/A1";
        Assert.False(DigitalLinkUri.TryParse(Link, out _, out _));
        Assert.True(DigitalLinkUri.TryParse(Link, out IReadOnlyList<Gs1Element> elements, out string error, allowOld: true), error);
        Assert.Equal([new Gs1Element("414", "9520123456788"), new Gs1Element("254", "A1")], elements);
    }

    [Theory]
    [InlineData("]C1010952012345678821A1")]
    [InlineData("]d2010952012345678821A1")]
    [InlineData("]Q3010952012345678821A1")]
    [InlineData("^010952012345678821A1")]
    public void What_a_scanner_says_is_an_element_string(string text)
    {
        Assert.True(Gs1ElementString.TryParse(text, out IReadOnlyList<Gs1Element> elements, out string error), error);
        Assert.Equal([new Gs1Element("01", "09520123456788"), new Gs1Element("21", "A1")], elements);
    }

    [Theory]
    [InlineData("21", "1", "A GS1 Digital Link begins with a primary key such as (01).")]
    [InlineData("01", "1", "(01) is too short: 1 characters.")]
    public void A_link_without_a_good_key_is_not_built(string ai, string value, string expected)
    {
        Assert.False(DigitalLinkUri.TryBuild("https://a", [new(ai, value)], out _, out string error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void No_address_whatsoever_breaks_the_reader()
    {
        const string Link = "https://example.com/stem/01/09520123456788/10/abc/21/xyz?3103=000195&99=A%2fB#end";
        const string Letters = "0123456789/?&=#%;:.abcXYZ+ <é";
        var dice = new Random(3);
        for (int i = 0; i < 50_000; i++)
        {
            char[] text = Link.ToCharArray();
            for (int changes = dice.Next(5); changes >= 0; changes--)
            {
                text[dice.Next(text.Length)] = Letters[dice.Next(Letters.Length)];
            }
            bool read = DigitalLink.TryParse(new string(text, 0, dice.Next(text.Length)), out ItemCode item, out string error);
            Assert.True(read ? Gtin.IsValid14(item.Gtin) : error.EndsWith('.'));
        }
    }

    [Theory]
    [InlineData("95010939", "00000095010939")]
    [InlineData("614141000036", "00614141000036")]
    [InlineData("9520123456788", "09520123456788")]
    [InlineData("09520123456788", "09520123456788")]
    [InlineData("9520123456789", "")]
    [InlineData("952012345678", "")]
    [InlineData("95201x3456788", "")]
    [InlineData("", "")]
    public void The_digits_under_a_bar_code_give_the_number_of_the_item(string digits, string expected)
    {
        Assert.Equal(expected.Length > 0, Gtin.TryFromDigits(digits, out string gtin));
        Assert.Equal(expected, gtin);
    }

    [Theory]
    [InlineData("04252614", "00042100005264")] // ends in 1: manufacturer 421, zeros, item 526
    [InlineData("01234565", "00012345000065")] // ends in 6: manufacturer 12345, zeros, item 6
    [InlineData("01234566", "")]
    [InlineData("21234565", "")]
    [InlineData("0123456", "")]
    public void A_UPC_E_is_unfolded(string digits, string expected)
    {
        Assert.Equal(expected.Length > 0, Gtin.TryFromUpcE(digits, out string gtin));
        Assert.Equal(expected, gtin);
    }
}
