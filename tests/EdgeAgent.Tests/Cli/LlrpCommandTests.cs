using System.Text.Json;
using EdgeAgent.Cli;

namespace EdgeAgent.Tests.Commands;

public sealed class LlrpCommandTests : IDisposable
{
    private const string Keepalive = "043E0000000A0000004A";

    // A tag report whose EPC says 96 bits and has 80.
    private const string CutCode = "043D0000001E0000000100F0001400F1001000603034257BF7194E400000";

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task A_stream_that_is_understood_ends_with_0()
    {
        await File.WriteAllBytesAsync(_file, Convert.FromHexString(Keepalive + Keepalive));
        Ended ended = await EdgeAgentProcess.RunAsync("llrp", "decode", _file);

        ended.AssertOk();
        Assert.Equal(["KEEPALIVE 74", "KEEPALIVE 74"], Lines(ended).Select(static l => $"{l.GetProperty("typeName")} {l.GetProperty("messageId")}"));
    }

    [Fact]
    public async Task A_frame_that_is_not_understood_has_its_reason_in_its_line_and_does_not_keep_the_others_away()
    {
        await File.WriteAllTextAsync(_file, $"{Keepalive}\n{CutCode}\n{Keepalive}\n");
        Ended ended = await EdgeAgentProcess.RunAsync("llrp", "decode", _file);

        Assert.Equal(ExitCode.Code, ended.ExitCode);
        Assert.Equal([false, true, false], Lines(ended).Select(static l => l.TryGetProperty("error", out _)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    public async Task A_file_without_a_frame_is_said_to_be_one(string text)
    {
        await File.WriteAllTextAsync(_file, text);
        (await EdgeAgentProcess.RunAsync("llrp", "decode", _file)).AssertFailed(ExitCode.File, "holds no frame");
    }

    [Theory]
    [InlineData("no-such-file.bin")]
    [InlineData("/")]
    public async Task A_file_that_cannot_be_read_is_named(string file) =>
        (await EdgeAgentProcess.RunAsync("llrp", "decode", file)).AssertFailed(ExitCode.File, file);

    private static JsonElement[] Lines(Ended ended) =>
        [.. ended.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static l => JsonElement.Parse(l))];
}
