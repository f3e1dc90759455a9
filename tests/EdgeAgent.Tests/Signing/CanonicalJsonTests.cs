using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeAgent.Signing;

namespace EdgeAgent.Tests.Signing;

public sealed class CanonicalJsonTests
{
    [Theory]
    // RFC 8785, appendix B: the bits of a double and what ECMAScript prints.
    [InlineData("0000000000000000", "0")]
    [InlineData("8000000000000000", "0")]
    [InlineData("0000000000000001", "5e-324")]
    [InlineData("8000000000000001", "-5e-324")]
    [InlineData("7fefffffffffffff", "1.7976931348623157e+308")]
    [InlineData("ffefffffffffffff", "-1.7976931348623157e+308")]
    [InlineData("4340000000000000", "9007199254740992")]
    [InlineData("c340000000000000", "-9007199254740992")]
    [InlineData("44b52d02c7e14af5", "9.999999999999997e+22")]
    [InlineData("44b52d02c7e14af6", "1e+23")]
    [InlineData("44b52d02c7e14af7", "1.0000000000000001e+23")]
    [InlineData("444b1ae4d6e2ef4e", "999999999999999700000")]
    [InlineData("444b1ae4d6e2ef4f", "999999999999999900000")]
    [InlineData("444b1ae4d6e2ef50", "1e+21")]
    [InlineData("3eb0c6f7a0b5ed8c", "9.999999999999997e-7")]
    [InlineData("3eb0c6f7a0b5ed8d", "0.000001")]
    [InlineData("41b3de4355555553", "333333333.3333332")]
    [InlineData("41b3de4355555557", "333333333.33333343")]
    [InlineData("becbf647612f3696", "-0.0000033333333333333333")]
    [InlineData("43143ff3c1cb0959", "1424953923781206.2")]
    public void Numbers_are_written_as_RFC_8785_writes_them(string bits, string expected)
    {
        double number = BitConverter.Int64BitsToDouble(long.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        string json = number.ToString("R", CultureInfo.InvariantCulture);

        Assert.Equal(expected, Canonical(json));
    }

    [Fact]
    public void Members_are_sorted_by_UTF16_units_and_strings_keep_what_need_not_be_escaped()
    {
        // RFC 8785 3.2.3, shortened: the euro sign sorts behind the letters, the emoji (a surrogate pair) before U+FB33.
        string json = """{ "\u20ac": 1, "\r": "\u000f\b\"\\/é", "\ufb33": [ ], "\ud83d\ude00": {"b":true,"a":null}, "1": 56.0 }""";

        Assert.Equal("{\"\\r\":\"\\u000f\\b\\\"\\\\/é\",\"1\":56,\"€\":1,\"😀\":{\"a\":null,\"b\":true},\"\ufb33\":[]}", Canonical(json));
    }

    [Theory]
    [InlineData("9007199254740993")] // 2^53 + 1 is no double: its neighbour would have the same signature
    [InlineData("1e400")]
    public void A_number_that_no_double_holds_is_refused(string json) =>
        Assert.Contains(json, Assert.Throws<SigningException>(() => Canonical(json)).Message);

    private static string Canonical(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return Encoding.UTF8.GetString(CanonicalJson.Bytes(document.RootElement));
    }
}
