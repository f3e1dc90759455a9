using System.Text.Json;
using EdgeAgent.Cli;

namespace EdgeAgent.Tests.Commands;

public class EpcCommandTests
{
    [Fact]
    public async Task A_code_is_one_line_with_all_its_forms()
    {
        Ended ended = await EdgeAgentProcess.RunAsync("epc", "decode", "3074257bf7194e4000001a85");

        ended.AssertOk();
        string[] fields =
        [
            "hex 3074257bf7194e4000001a85", "scheme SGTIN-96", "epcBits 96", "filter 3", "tagUri urn:epc:tag:sgtin-96:3.0614141.812345.6789",
            "pureIdentityUri urn:epc:id:sgtin:0614141.812345.6789", "elementString (01)80614141123458(21)6789",
            "digitalLink https://id.gs1.org/01/80614141123458/21/6789", "gtin 80614141123458", "serial 6789",
        ];
        Assert.Equal(1, ended.Out.AsSpan().Count('\n'));
        Assert.Equal(fields, JsonElement.Parse(ended.Out).EnumerateObject().Select(static f => $"{f.Name} {f.Value}"));
    }

    [Theory]
    [InlineData("0x3074257BF7194E4000001A85", true)]
    [InlineData("3074 257B F719 4E40 0000 1A85", true)]
    [InlineData("30-74-25-7b-f7-19-4e-40-00-00-1a-85", true)]
    [InlineData("]d20180614141123458216789", true)]
    [InlineData("https://shop.example/gtin/80614141123458/ser/6789", false)]
    [InlineData("https://shop.example/gtin/80614141123458/ser/6789", true, "--old-links")]
    public async Task Codes_are_taken_as_people_and_scanners_write_them(string text, bool understood, params string[] options)
    {
        Ended ended = await EdgeAgentProcess.RunAsync(["epc", "decode", text, .. options]);

        Assert.Equal(understood, ended.Out.Contains("(01)80614141123458(21)6789", StringComparison.Ordinal));
        Assert.Equal(understood ? ExitCode.Ok : ExitCode.Code, ended.ExitCode);
    }

    [Fact]
    public async Task Bad_codes_have_their_reason_in_their_line_and_do_not_keep_the_others_away()
    {
        Ended ended = await EdgeAgentProcess.RunAsync("epc", "decode", "00", "E28011606000020000000001", "F90095201234567891235", "hello", "urn:epc:id:bic:CSQU3054383");

        Assert.Equal(ExitCode.Code, ended.ExitCode);
        JsonElement[] lines = [.. ended.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static l => JsonElement.Parse(l))];
        Assert.Equal(5, lines.Length);
        Assert.Equal("All bits are zero: the tag was never written.", lines[0].GetProperty("error").GetString());
        Assert.Contains("TID", lines[1].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal("(00)095201234567891235", lines[2].GetProperty("elementString").GetString());
        Assert.True(lines[3].TryGetProperty("error", out _));
        Assert.Equal("urn:epc:id:bic:CSQU3054383", lines[4].GetProperty("pureIdentityUri").GetString());
    }

    [Fact]
    public async Task A_text_gives_the_bits_of_a_tag()
    {
        Ended ended = await EdgeAgentProcess.RunAsync(
            "epc", "encode", "(01)80614141123458(21)6789", "--filter", "3", "--company-prefix", "7");

        ended.AssertOk();
        Assert.Contains("\"hex\":\"3074257BF7194E4000001A85\"", ended.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scheme_that_does_not_exist_is_named_with_those_that_do() =>
        (await EdgeAgentProcess.RunAsync("epc", "encode", "(01)80614141123458(21)1", "--scheme", "SGTIN-64"))
            .AssertFailed(ExitCode.Usage, "There is no scheme 'SGTIN-64'; there are SGTIN-96, SGTIN-198,");

    [Fact]
    public async Task The_control_word_shows_a_tag_of_ISO()
    {
        Ended ended = await EdgeAgentProcess.RunAsync("epc", "decode", "3074257BF7194E4000001A85", "--pc", "31A1");

        Assert.Equal(ExitCode.Code, ended.ExitCode);
        Assert.Contains("application family A1", ended.Out, StringComparison.Ordinal);
    }
}
