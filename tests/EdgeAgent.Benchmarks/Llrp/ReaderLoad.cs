using System.Globalization;
using System.Net;
using System.Threading.Channels;
using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid;
using EdgeAgent.Simulators.Gates;
using EdgeAgent.Simulators.Stores;

namespace EdgeAgent.Benchmarks.Llrp;

/// <summary>
/// A thousand tags a second for minutes, at real speed, from a simulated reader over TCP into a real ReaderRunner: is every read delivered, and
/// does memory stay where it is? Reader and runner share this process, so its memory and processor time are both of them.
/// </summary>
internal static class ReaderLoad
{
    private const int TagsPerSecond = 1000;

    public static async Task<ResultTable> RunAsync(double minutes)
    {
        GateScene scene = Scene(minutes * 60);
        string reader = scene.Readers[0].Id;
        var clock = new SceneClock(TimeProvider.System);
        await using var server = new GateReaderServer(scene, reader, clock, IPAddress.Loopback);
        var config = new ReaderConfig(
            reader, $"llrp://127.0.0.1:{server.Port}", [.. scene.Readers[0].Antennas.Select(a => new AntennaConfig(a.Id, a.Zone))]);
        Channel<ShopInput> shop = Channel.CreateBounded<ShopInput>(1024);
        using var stop = new CancellationTokenSource();
        var runner = new ReaderRunner(config, TimeProvider.System, static bytes => bytes.Clear());
        Task running = runner.RunAsync(shop.Writer, stop.Token);
        Task<long> taking = TakeAsync(shop.Reader);
        await clock.Started;

        var rows = new List<IReadOnlyList<string>>();
        // The first ten seconds compile and fill buffers; what grows later is a leak.
        await clock.WaitUntilAsync(TimeSpan.FromSeconds(Math.Min(10, minutes * 15)), CancellationToken.None);
        Memory first = Memory.Now(runner);
        Memory before = first;
        double step = Math.Min(1, minutes / 2);
        for (double minute = step; minute < minutes + 0.001; minute += step)
        {
            await clock.WaitUntilAsync(TimeSpan.FromMinutes(minute), CancellationToken.None);
            Memory now = Memory.Now(runner);
            rows.Add(
            [
                minute.ToString("0.##", CultureInfo.InvariantCulture), ResultTable.Number((now.Reads - before.Reads) / now.SecondsSince(before)),
                now.ManagedMb(), Signed(now.Managed - first.Managed), now.ResidentMb(), Signed(now.Resident - first.Resident),
                ResultTable.Number((now.Processor - before.Processor) / now.SecondsSince(before) * 100),
            ]);
            before = now;
        }
        await server.Played;
        await DeliveredAsync(runner, server.Sent);
        await stop.CancelAsync();
        await running;
        shop.Writer.Complete();
        long taken = await taking;
        long lost = server.Sent - taken;
        return new ResultTable(
            $"{server.Sent:N0} reads sent over TCP in {minutes:0.##} min at real speed, {taken:N0} handed to the shop, {lost:N0} lost; connections {runner.Counters.Connections}, damaged messages {runner.Counters.DamagedMessages}.",
            ["minute", "reads/s", "managed MB", "since 10 s, MB", "resident MB", "since 10 s, MB", "processor %"],
            rows,
            [
                "One report for every read (N = 1), 150 tags in the field, 1,000 inventoried a second; the scene's radio is reckoned in the same process.",
                "Managed memory is measured after a full collection, resident memory from /proc. Processor is in per cent of one core, simulator and runner together.",
                "The default is one minute; the ten of the promise: ./dev bench load --minutes 10",
            ]);
    }

    private static GateScene Scene(double seconds) =>
        new GateSceneBuilder("a thousand tags a second")
            .Gate(tagsPerSecond: TagsPerSecond)
            .With(new SceneShelf("flood", new Place(0, -2.5, 1), [new SceneTags(Gtin: Goods.Socks.Gtin, Count: 150)], PathLossDb: 44))
            .Build(seconds);

    private static async Task<long> TakeAsync(ChannelReader<ShopInput> shop)
    {
        long reads = 0;
        await foreach (ShopInput input in shop.ReadAllAsync())
        {
            reads += input is ShopInput.TagsRead tags ? tags.Reads.Count : 0;
        }
        return reads;
    }

    /// <summary>The last reports are still on their way when the scene ends.</summary>
    private static async Task DeliveredAsync(ReaderRunner runner, long sent)
    {
        for (int i = 0; i < 50 && runner.Counters.Reads < sent; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    private static string Signed(long bytes) => (bytes / 1048576.0).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture);

    private sealed record Memory(long Timestamp, long Managed, long Resident, double Processor, long Reads)
    {
        public static Memory Now(ReaderRunner runner)
        {
            long managed = GC.GetTotalMemory(forceFullCollection: true);
            string line = File.ReadLines("/proc/self/status").First(static l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            long kb = long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
            return new Memory(TimeProvider.System.GetTimestamp(), managed, kb * 1024, Environment.CpuUsage.TotalTime.TotalSeconds, runner.Counters.Reads);
        }

        public double SecondsSince(Memory before) => TimeProvider.System.GetElapsedTime(before.Timestamp, Timestamp).TotalSeconds;

        public string ManagedMb() => (Managed / 1048576.0).ToString("0.0", CultureInfo.InvariantCulture);

        public string ResidentMb() => (Resident / 1048576.0).ToString("0.0", CultureInfo.InvariantCulture);
    }
}
