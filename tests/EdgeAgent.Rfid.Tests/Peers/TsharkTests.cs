using System.Text.RegularExpressions;
using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Rfid.Llrp;
using EdgeAgent.Simulators.Readers;

namespace EdgeAgent.Rfid.Tests.Peers;

/// <summary>What our client sends, read by Wireshark.</summary>
public sealed partial class TsharkTests
{
    [TsharkFact]
    public async Task Wireshark_finds_nothing_wrong_in_a_whole_session_of_ours()
    {
        List<byte[]> sent = await SessionAsync();
        string said = await Tshark.DissectAsync(sent);

        Assert.Equal(sent.Count, Llrp().Count(said));
        Assert.DoesNotContain("Malformed", said, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Expert Info (Error", said, StringComparison.Ordinal);
        // It went down to the innermost parameters of the ROSpec.
        foreach (string word in new[] { "Add ROSpec", "C1G2 Inventory Command", "C1G2 Singulation Control", "Tag Report Content Selector", "Keepalive ACK", "Close Connection" })
        {
            Assert.Contains(word, said, StringComparison.OrdinalIgnoreCase);
        }
    }

    [TsharkFact]
    public async Task Wireshark_does_find_what_is_wrong()
    {
        byte[] frame = GateRequests.DeleteRoSpec(1);
        frame[1] = (byte)MessageType.AddRoSpec; // its four bytes are then no ROSpec
        string said = await Tshark.DissectAsync([frame]);
        Assert.Matches("Malformed|Expert Info \\(Error", said);
    }

    /// <summary>Everything that the client sent, from the connection to its end.</summary>
    private static async Task<List<byte[]>> SessionAsync()
    {
        var script = new ReaderScript([new ReaderStep.Keepalive(TimeSpan.Zero, 0x4A), new ReaderStep.Report(TimeSpan.Zero, [new(TimeSpan.Zero, Some.Epc(), 1, -55)])]);
        await using var reader = new LlrpReaderSimulator(TimeProvider.System, TimeSpan.Zero, script);
        Channel<ShopInput> shop = Channel.CreateUnbounded<ShopInput>();
        using var stop = new CancellationTokenSource();
        var runner = new ReaderRunner(Some.Reader(reader.Port), TimeProvider.System, Some.NoJitter);
        Task running = runner.RunAsync(shop.Writer, stop.Token);
        while (await shop.Reader.ReadAsync() is not ShopInput.TagsRead)
        {
        }
        await stop.CancelAsync();
        await running;
        var sent = new List<byte[]>();
        while (reader.Received.TryRead(out byte[]? frame))
        {
            sent.Add(frame);
        }
        return sent;
    }

    [GeneratedRegex("^Low Level Reader Protocol", RegexOptions.Multiline)]
    private static partial Regex Llrp();
}
