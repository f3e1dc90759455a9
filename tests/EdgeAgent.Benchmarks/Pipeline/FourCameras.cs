using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Rfid.Epcs;
using EdgeAgent.Vision;
using EdgeAgent.Vision.Cameras;

namespace EdgeAgent.Benchmarks.Pipeline;

/// <summary>
/// Four live cameras at five detections a second on one box: is the rate held, how old is a picture when the shop hears of it, how much memory.
/// Then two hours of four cameras on virtual time, as fast as the machine can: does memory grow?
/// </summary>
internal static class FourCameras
{
    private const int Cameras = 4;
    private const double Fps = 5;
    private const double VirtualHours = 2;

    // A minute of the clip, which is shown over and over; 50 MB that are not the agent's.
    private const int KeptPictures = 300;

    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_live = TimeSpan.FromSeconds(60);

    public static async Task<ResultTable> RunAsync()
    {
        (PipelineSource? source, string? why) = await PipelineSource.OpenAsync();
        if (source is null)
        {
            return ResultTable.NotRun(why!);
        }
        using (source)
        {
            Live live = await LiveAsync(source);
            IReadOnlyList<(double Hours, double ManagedMb, double ResidentMb)> memory = Accelerated(source);
            double grown = memory[^1].ResidentMb - memory[0].ResidentMb;
            return new ResultTable(
                string.Create(CultureInfo.InvariantCulture, $"{Cameras} live cameras at {Fps} pictures a second: {live.PerSecond:0.00} analysed a second and camera, {live.Dropped} pictures dropped in {s_live.TotalSeconds:0} s; ")
                + string.Create(CultureInfo.InvariantCulture, $"from a decoded picture to the shop {live.P50Ms:0.0} ms at the median, {live.P95Ms:0.0} ms for 95 of 100; {live.AgentMb + live.DecodersMb:0} MB of memory: {live.AgentMb:0} MB in the agent, {live.DecodersMb:0} MB in its decoders. ")
                + string.Create(CultureInfo.InvariantCulture, $"Over {VirtualHours} hours of virtual time resident memory changed by {grown:+0.0;-0.0} MB after the first quarter of an hour."),
                ["virtual hours", "managed MB", "resident MB"],
                [.. memory.Select(m => new[] { ResultTable.Number(m.Hours), ResultTable.Number(m.ManagedMb), ResultTable.Number(m.ResidentMb) })],
                [
                    $"{source.Words}. The motion gate is on: pictures in which nothing moved are analysed without the model.",
                    string.Create(CultureInfo.InvariantCulture, $"Live: four HTTP streams of the clip at its own speed (H.264, copied by four ffmpeg servers on this machine), four CameraRunners with the latest-frame rule and the shared scheduler, one thread a model; processor {live.Cores:0.00} cores in agent and decoders."),
                    string.Create(CultureInfo.InvariantCulture, $"Memory: resident size of the agent (VmRSS); of the decoders what each has of its own (RssAnon) and the pages of their one program and its libraries once (RssFile). The sum of the decoders' resident sizes counts those {Cameras} times: {live.CountedOftenMb:0} MB."),
                    $"Virtual time: {Light(source)}; pictures decoded once and then handed to four analysers and one shop again and again; no decoder runs, so the memory is the agent's own.",
                ]);
        }
    }

    private static async Task<Live> LiveAsync(PipelineSource source)
    {
        string clip = source.Camera.Source["clip:".Length..];
        Channel<ShopInput> shop = Channel.CreateBounded<ShopInput>(1024);
        using var stop = new CancellationTokenSource();
        CameraConfig[] cameras = [.. Enumerable.Range(1, Cameras).Select(i => source.Camera with { Id = $"camera-{i}", Fps = Fps, Source = $"http://127.0.0.1:{FreePort()}/" })];
        Process[] servers = [.. cameras.Select(c => Serve(clip, c.Source))];
        using var turns = new DetectionScheduler(cameras, DetectionScheduler.SlotsFor(1), TimeProvider.System);
        FrameAnalyzer[] analyzers = [.. cameras.Select(c => source.Store.OpenAnalyzer(c.Id, new ModelsConfig(source.Model.Name, Threads: 1)))];
        CameraRunner[] runners = [.. cameras.Select((c, i) => new CameraRunner(
            c, analyzers[i], shop.Writer, new Backoff(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1), static bytes => bytes.Clear()), TimeProvider.System, place: turns[i]))];
        Task[] running = [.. runners.Select(r => r.RunAsync(stop.Token))];
        try
        {
            var ages = new List<double>();
            Task taking = TakeAsync(shop.Reader, ages);
            await Task.Delay(s_warmUp, TimeProvider.System);
            lock (ages)
            {
                ages.Clear();
            }
            long[] before = [.. runners.Select(r => r.Status.FramesAnalysed)];
            long dropped = runners.Sum(r => r.Status.FramesDropped);
            double agent = Environment.CpuUsage.TotalTime.TotalSeconds;
            int[] decoders = Children();
            double decoding = decoders.Sum(MachineUse.SecondsOf);
            await Task.Delay(s_live, TimeProvider.System);
            double cores = (Environment.CpuUsage.TotalTime.TotalSeconds - agent + decoders.Sum(MachineUse.SecondsOf) - decoding) / s_live.TotalSeconds;
            double perSecond = runners.Zip(before, (r, b) => r.Status.FramesAnalysed - b).Sum() / s_live.TotalSeconds / Cameras;
            dropped = runners.Sum(r => r.Status.FramesDropped) - dropped;
            double[] sorted;
            lock (ages)
            {
                sorted = [.. ages.Order()];
            }
            double agentMb = ResidentMb("self");
            string[] children = [.. decoders.Select(id => id.ToString(CultureInfo.InvariantCulture))];
            // All run one program: its pages and those of its libraries are in memory once, and each child's resident size counts them again.
            double decodersMb = children.Sum(id => StatusMb(id, "RssAnon")) + children.Max(id => StatusMb(id, "RssFile"));
            double countedOften = children.Sum(ResidentMb);
            await stop.CancelAsync();
            await Task.WhenAll(running);
            shop.Writer.Complete();
            await taking;
            return new Live(perSecond, dropped, At(sorted, 0.5), At(sorted, 0.95), agentMb, decodersMb, countedOften, cores);
        }
        finally
        {
            foreach (Process server in servers)
            {
                server.Kill();
                await server.WaitForExitAsync();
                server.Dispose();
            }
            Array.ForEach(analyzers, a => a.Dispose());
            Array.ForEach(runners, r => r.Dispose());
        }
    }

    private static IReadOnlyList<(double Hours, double ManagedMb, double ResidentMb)> Accelerated(PipelineSource source)
    {
        CameraConfig[] cameras = [.. Enumerable.Range(1, Cameras).Select(i => source.Camera with
        {
            Id = $"camera-{i}", Fps = Fps, Width = 320, Doors = [new DoorConfig($"in-{i}", FrameEdge.Bottom), new DoorConfig($"out-{i}", FrameEdge.Right)],
        })];
        var config = new DeviceConfig(1, new StoreConfig("t", "s", "b"), cameras, [], [], new CheckoutConfig("EUR", []));
        FillRandom random = static bytes => bytes.Fill(7);
        var floor = new ShopFloor(config, EpcIdentity.Identify, random);
        var gate = new PrivacyGate(config, new EgressContext(1, "none", static () => "replay"), random);
        FrameAnalyzer[] analyzers = [.. cameras.Select(c => source.Store.OpenAnalyzer(c.Id, new ModelsConfig(Light(source), Threads: 1)))];
        byte[][] pictures = Decode(cameras[0], out int width, out int height);
        var pool = new FramePool();
        var events = new List<ShopEvent>();
        var memory = new List<(double, double, double)>();
        DateTimeOffset start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
        long count = (long)(VirtualHours * 3600 * Fps);
        for (long n = 0; n < count; n++)
        {
            DateTimeOffset at = start.AddSeconds(n / Fps);
            for (int c = 0; c < Cameras; c++)
            {
                Frame frame = pool.Rent(width, height);
                // Each camera sees the clip from another place on.
                pictures[(int)((n + (c * pictures.Length / Cameras)) % pictures.Length)].CopyTo(frame.Pixels);
                Take(analyzers[c].Analyze(frame, at));
            }
            Take(new ShopInput.Tick(at));
            if (n % (count / 8) == count / 8 - 1)
            {
                long managed = GC.GetTotalMemory(forceFullCollection: true);
                memory.Add(((n + 1) / Fps / 3600, managed / 1048576.0, ResidentMb("self")));
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {memory[^1].Item1:0.00} of {VirtualHours} virtual hours, {memory[^1].Item3:0} MB resident"));
            }
        }
        Array.ForEach(analyzers, a => a.Dispose());
        return memory;

        void Take(ShopInput input)
        {
            events.Clear();
            floor.On(input, events);
            foreach (ShopEvent happened in events)
            {
                if (happened.LeavesBox)
                {
                    gate.Admit(happened);
                }
            }
        }
    }

    /// <summary>Two hours of four cameras are 144,000 pictures: the lightest detector that is there.</summary>
    private static string Light(PipelineSource source) =>
        source.Store.Catalog.Models.FirstOrDefault(m => m.Name == "person-light-192" && File.Exists(Path.Combine(source.Store.FolderOf(m), m.File)))?.Name ?? source.Model.Name;

    private static byte[][] Decode(CameraConfig camera, out int width, out int height)
    {
        var pictures = new List<byte[]>();
        (width, height) = (0, 0);
        using FfmpegFrames frames = FfmpegFrames.Open(camera, new FramePool(), TimeProvider.System);
        while (pictures.Count < KeptPictures && frames.Read() is Frame frame)
        {
            using (frame)
            {
                (width, height) = (frame.Width, frame.Height);
                pictures.Add(frame.Pixels.ToArray());
            }
        }
        return [.. pictures];
    }

    private static async Task TakeAsync(ChannelReader<ShopInput> shop, List<double> ages)
    {
        await foreach (ShopInput input in shop.ReadAllAsync())
        {
            if (input is ShopInput.FrameObserved seen)
            {
                lock (ages)
                {
                    ages.Add((TimeProvider.System.GetUtcNow() - seen.At).TotalMilliseconds);
                }
            }
        }
    }

    private static Process Serve(string clip, string address) => Process.Start(new ProcessStartInfo(
        "ffmpeg", ["-nostdin", "-hide_banner", "-loglevel", "quiet", "-re", "-stream_loop", "-1", "-i", clip, "-an", "-c:v", "copy", "-bsf:v", "h264_mp4toannexb", "-f", "mpegts", "-listen", "1", address]))!;

    /// <summary>Decoders are this process's children; the servers, which also are, listen.</summary>
    private static int[] Children() =>
    [
        .. Process.GetProcessesByName("ffmpeg").Where(p => IsOurs(p.Id) && !File.ReadAllText($"/proc/{p.Id}/cmdline").Contains("-listen", StringComparison.Ordinal)).Select(p => p.Id),
    ];

    private static bool IsOurs(int process) => MachineUse.ParentOf(process) == Environment.ProcessId;

    private static double ResidentMb(string process) => StatusMb(process, "VmRSS");

    /// <summary>A size of /proc/PID/status ("proc" in section 5 of the manual).</summary>
    private static double StatusMb(string process, string field)
    {
        string line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith(field + ":", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024.0;
    }

    private static double At(double[] sorted, double part) => sorted.Length == 0 ? double.NaN : sorted[(int)(part * (sorted.Length - 1))];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed record Live(double PerSecond, long Dropped, double P50Ms, double P95Ms, double AgentMb, double DecodersMb, double CountedOftenMb, double Cores);
}
