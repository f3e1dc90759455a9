using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Simulators.Peers;

namespace EdgeAgent.Rfid.Tests.Peers;

/// <summary>Our client and a reader that runs on somebody else's LLRP.</summary>
public sealed class LlrpjsPeerTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [LlrpjsFact]
    public async Task A_whole_session_with_llrpjs_as_reader_brings_its_tags_and_ends_cleanly()
    {
        using var deadline = new CancellationTokenSource(s_patience);
        using Process reader = LlrpjsPackage.Start("llrpjs-reader.js", "3");
        try
        {
            string? first = await reader.StandardOutput.ReadLineAsync(deadline.Token);
            Assert.StartsWith("PORT ", first, StringComparison.Ordinal);
            Channel<ShopInput> shop = Channel.CreateUnbounded<ShopInput>();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
            var runner = new ReaderRunner(Some.Reader(int.Parse(first.AsSpan(5), CultureInfo.InvariantCulture)), TimeProvider.System, Some.NoJitter);
            Task running = runner.RunAsync(shop.Writer, stop.Token);

            Assert.Equal("Online", Assert.IsType<ShopInput.SensorReported>(await shop.Reader.ReadAsync(deadline.Token)).State.ToString());
            var reads = new List<TagRead>();
            while (reads.Count < 3)
            {
                reads.AddRange(Assert.IsType<ShopInput.TagsRead>(await shop.Reader.ReadAsync(deadline.Token)).Reads);
            }
            await stop.CancelAsync();
            await running;

            Assert.Equal(
                ["3034257BF7194E4000000001 -41 1", "3034257BF7194E4000000002 -42 2", "3034257BF7194E4000000003 -43 3"],
                reads.Select(static r => string.Create(CultureInfo.InvariantCulture, $"{r.Epc.ToHex()} {r.RssiDbm} {r.SeenCount}")));
            var heard = new List<string>();
            while (heard.LastOrDefault() != "DISCONNECTED")
            {
                heard.Add((await reader.StandardOutput.ReadLineAsync(deadline.Token))!);
            }
            Assert.DoesNotContain(heard, static line => line.StartsWith("ERROR", StringComparison.Ordinal));
            Assert.Equal("GET_READER_CAPABILITIES", heard[0]);
            Assert.Subset(
                new HashSet<string>(heard), new HashSet<string> { "SET_READER_CONFIG", "DELETE_ACCESSSPEC", "ADD_ROSPEC", "ENABLE_ROSPEC", "KEEPALIVE_ACK id 4711" });
            Assert.Equal(["DELETE_ROSPEC", "CLOSE_CONNECTION", "DISCONNECTED"], heard.TakeLast(3));
            Assert.Equal((0L, 0L), (runner.Counters.DamagedMessages, runner.Counters.Unsolicited));
            Assert.Null(runner.LastTrouble);
        }
        finally
        {
            reader.Kill();
        }
    }
}
