using System.Text.Json;
using EdgeAgent.Core;
using EdgeAgent.Rfid.Llrp;
using EdgeAgent.Simulators.Readers;
using static EdgeAgent.Rfid.Tests.ReaderRig;

namespace EdgeAgent.Rfid.Tests;

/// <summary>
/// Each hostile frame in a live session. What must happen follows from the words of its expectation, so that vectors nobody here has seen
/// are tried too; whatever the words, the gate reads on, on this connection or the next.
/// </summary>
public class NegativeSessionTests
{
    [SharedFact]
    public async Task Every_hostile_frame_leaves_the_gate_reading()
    {
        foreach (JsonElement vector in SharedVectors.Negative())
        {
            string id = vector.Text("id")!;
            string expect = vector.Text("expect") ?? "";
            byte[] bytes = vector.Bytes();
            var time = new ManualTime(Some.Morning);
            await using var rig = ReaderRig.Start(time, null, new ReaderScript([Raw(bytes), Report(77)]), new ReaderScript([Report(77)]));

            var heard = new List<string>();
            int reads = 0;
            while (!heard.Contains("77"))
            {
                Assert.True(heard.Count < 50, $"{id}: {string.Join(", ", heard)}");
                heard.Add(await rig.NextWhileTimePassesAsync(time));
            }
            reads = heard.Count(static h => !h.Contains(' ', StringComparison.Ordinal));
            bool isMessage = LlrpHeader.TryRead(bytes, out LlrpHeader header) && header.Length == bytes.Length && header.Version == LlrpHeader.Version101;
            bool sameConnection = !heard.Any(static h => h.StartsWith("Offline", StringComparison.Ordinal));
            string story = $"{id} ({expect}): {string.Join(", ", heard)}";

            if (isMessage && expect.StartsWith("accept", StringComparison.Ordinal) && header.Type == MessageType.RoAccessReport)
            {
                Assert.True(sameConnection && reads == 2, story);
            }
            if (isMessage && expect.StartsWith("reject this message", StringComparison.Ordinal))
            {
                Assert.True(sameConnection && reads == 1 && heard.Contains("Degraded DamagedMessage"), story);
            }
            if (isMessage && expect.StartsWith("ignore", StringComparison.Ordinal))
            {
                Assert.True(sameConnection && reads == 1 && rig.Counters.Unsolicited == 1, story);
            }
            if (isMessage && expect.StartsWith("treat as closed", StringComparison.Ordinal))
            {
                Assert.True(heard.Contains("Offline Unreachable") && rig.Counters.Connections == 2, story);
            }
        }
    }

    [SharedFact]
    public async Task Every_hostile_frame_instead_of_a_greeting_is_survived()
    {
        foreach (JsonElement vector in SharedVectors.Negative())
        {
            var time = new ManualTime(Some.Morning);
            var hostile = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
            hostile.Start();
            int port = ((System.Net.IPEndPoint)hostile.LocalEndpoint).Port;
            var shop = System.Threading.Channels.Channel.CreateUnbounded<ShopInput>();
            using var stop = new CancellationTokenSource();
            Task running = new ReaderRunner(Some.Reader(port), time, Some.NoJitter).RunAsync(shop.Writer, stop.Token);

            using System.Net.Sockets.Socket client = await hostile.AcceptSocketAsync();
            await client.SendAsync(vector.Bytes());
            ShopInput? first = null;
            await PassUntilAsync(time, () =>
                first is ShopInput.SensorReported { State: SensorState.Offline } || (shop.Reader.TryRead(out first) && first is ShopInput.SensorReported { State: SensorState.Offline }));

            byte[] heard = new byte[16];
            Assert.True(client.Poll(0, System.Net.Sockets.SelectMode.SelectRead), vector.Text("id")); // closed,
            Assert.Equal(0, await client.ReceiveAsync(heard)); // and nothing was said before
            if (vector.Text("id") == "event-conn-refused")
            {
                Assert.Equal(SensorReason.HeldByAnotherClient, ((ShopInput.SensorReported)first!).Reason);
            }
            await stop.CancelAsync();
            await running;
            hostile.Stop();
        }
    }
}
