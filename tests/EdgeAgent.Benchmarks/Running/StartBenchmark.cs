using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Benchmarks.Pipeline;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Simulators.Scenes;

namespace EdgeAgent.Benchmarks.Running;

/// <summary>
/// The whole program as a store runs it, with one camera, one reader, a broker and the local page: how soon after its start the shop has the first
/// analysed picture, what it keeps in memory, and what it costs while nothing happens.
/// </summary>
internal static class StartBenchmark
{
    private const int Starts = 7;
    private const double Fps = 10;
    private const int ClipSeconds = 30;

    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public static async Task<ResultTable> RunAsync()
    {
        if (MosquittoBroker.Executable is null)
        {
            return ResultTable.NotRun("mosquitto is not installed; ./dev setup installs it.");
        }
        (PipelineSource? source, string? why) = await PipelineSource.OpenAsync();
        if (source is null)
        {
            return ResultTable.NotRun(why!);
        }
        string folder = Directory.CreateTempSubdirectory("edge-agent-start-").FullName;
        using (source)
        using (var broker = new MosquittoBroker())
        {
            try
            {
                broker.Start();
                string clip = Path.Combine(folder, "still.mp4");
                await StoreScene.Random(5, ClipSeconds * StoreScene.FramesPerSecond, mostPeople: 0).WriteClipAsync(clip, CancellationToken.None);
                var starts = new List<Start>();
                Rest? rest = null;
                for (int i = 0; i < Starts; i++)
                {
                    await using var store = new Store(folder, clip, source, broker.Port);
                    starts.Add(await store.StartAsync());
                    rest = i == Starts - 1 ? await store.RestAsync() : null;
                }
                return Table(source, starts, rest!);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static ResultTable Table(PipelineSource source, List<Start> starts, Rest rest)
    {
        double first = Rounds.Median(starts.Select(s => s.PictureSeconds));
        string[] Row(string what, Func<Start, double> of) =>
            [what, ResultTable.Number(Rounds.Median(starts.Select(of))), ResultTable.Number(starts.Min(of)), ResultTable.Number(starts.Max(of))];
        return new ResultTable(
            string.Create(CultureInfo.InvariantCulture, $"The shop has its first analysed picture {first:0.0} s after the process was started. A quiet store keeps {rest.AgentMb:0} MB resident in the agent and {rest.DecoderMb:0} MB in its decoder, ")
            + string.Create(CultureInfo.InvariantCulture, $"and takes {rest.AgentPercent:0.0} % of one core in the agent and {rest.DecoderPercent:0.0} % in the decoder."),
            ["of a start", "median", "least", "most"],
            [
                Row("until the local page answers, s", s => s.PageSeconds), Row("until the first picture is analysed and in the shop, s", s => s.PictureSeconds),
                Row("processor time of agent and decoder until then, s", s => s.ProcessorSeconds),
            ],
            [
                $"{Starts} starts of `edge-agent run` in an empty state folder, with one camera, one reader, a broker and the local page, all on this machine. Asked every 20 ms over the local page, whose own start is in the figure.",
                $"Camera: an HTTP stream of a drawn shop with nobody in it, {StoreScene.Width} × {StoreScene.Height} at {Fps} pictures a second, H.264, encoded as it is read, so the first picture is a whole one; a camera that sends a whole picture every two seconds adds up to two. "
                + $"Model {source.Model.Name}, two threads. Reader: simulated, no tag in its field.",
                $"Memory is resident memory {s_settle.TotalSeconds} s after the start; processor time is over the {s_idle.TotalSeconds} s that follow, and nobody looks at the page. The decoder is an ffmpeg child; its part grows with the camera's resolution.",
            ]);
    }

    /// <summary>One agent with all that it needs; ended with it.</summary>
    private sealed class Store : IAsyncDisposable
    {
        private const string Token = "AAAAAAAAAAAAAAAAAAAAAA";

        private readonly LlrpReaderSimulator _reader = new(TimeProvider.System, TimeSpan.Zero, []);
        private readonly HttpClient _page;
        private readonly Process _camera;
        private readonly ProcessStartInfo _program;
        private Process? _agent;

        public Store(string folder, string clip, PipelineSource source, int brokerPort)
        {
            int cameraPort = FreePort();
            int pagePort = FreePort();
            string state = Directory.CreateDirectory(Path.Combine(folder, $"state-{pagePort}")).FullName;
            File.WriteAllText(Path.Combine(state, "dashboard-token"), Token);
            string config = Path.Combine(folder, $"store-{pagePort}.json");
            File.WriteAllText(config, string.Create(CultureInfo.InvariantCulture, $$"""
                {
                  "version": 1,
                  "store": { "tenant": "acme", "store": "bench", "box": "b1" },
                  "cameras": [ { "id": "front", "source": "http://127.0.0.1:{{cameraPort}}/", "fps": {{Fps}}, "doors": [ { "id": "exit", "edge": "right", "use": "out" } ] } ],
                  "readers": [ { "id": "exit-reader", "source": "llrp://127.0.0.1:{{_reader.Port}}", "antennas": [ { "id": 1, "zone": "inside" }, { "id": 2, "zone": "gate" } ] } ],
                  "gates": [ { "id": "exit-1", "readers": [ "exit-reader" ], "exits": [ "exit" ] } ],
                  "checkout": { "currency": "EUR", "priceBook": [] },
                  "models": { "people": "{{source.Model.Name}}", "threads": 2 },
                  "broker": { "host": "127.0.0.1", "port": {{brokerPort}} },
                  "dashboard": { "listen": "127.0.0.1", "port": {{pagePort}} }
                }
                """));
            _page = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{pagePort}/") };
            _page.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
            // A camera begins with a whole picture for whoever calls: so does an encoder that waits for its reader.
            _camera = Process.Start(new ProcessStartInfo(
                "ffmpeg", ["-nostdin", "-hide_banner", "-loglevel", "quiet", "-re", "-stream_loop", "-1", "-i", clip, "-an", "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "20", "-f", "mpegts", "-listen", "1", $"http://127.0.0.1:{cameraPort}/"]))!;
            _program = new ProcessStartInfo(
                "dotnet",
                [Path.Combine(AppContext.BaseDirectory, "edge-agent.dll"), "run", config, "--state", state, "--models", source.ModelFolder, "--allow-synthetic-models"])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            };
        }

        public async Task<Start> StartAsync()
        {
            // The camera's server listens before the agent is there, as a camera does.
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            long began = TimeProvider.System.GetTimestamp();
            _agent = Process.Start(_program)!;
            _agent.OutputDataReceived += static (_, _) => { };
            _agent.ErrorDataReceived += static (_, line) => Console.Error.WriteLine(line.Data);
            _agent.BeginOutputReadLine();
            _agent.BeginErrorReadLine();
            double? page = null;
            while (TimeProvider.System.GetElapsedTime(began) < s_patience && !_agent.HasExited)
            {
                long? pictures = await PicturesAsync();
                double now = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
                page ??= pictures is null ? null : now;
                if (pictures > 0)
                {
                    double processor = MachineUse.SecondsOf(_agent.Id) + Decoders().Sum(MachineUse.SecondsOf);
                    await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  page {page:0.00} s, first picture {now:0.00} s, processor {processor:0.00} s"));
                    return new Start(page!.Value, now, processor);
                }
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
            throw new InvalidOperationException("The agent has not analysed a picture.");
        }

        public async Task<Rest> RestAsync()
        {
            await Task.Delay(s_settle, TimeProvider.System);
            int[] decoders = Decoders();
            double agentMb = ResidentMb(_agent!.Id);
            double decoderMb = decoders.Sum(ResidentMb);
            double agent = MachineUse.SecondsOf(_agent.Id);
            double decoding = decoders.Sum(MachineUse.SecondsOf);
            await Task.Delay(s_idle, TimeProvider.System);
            return new Rest(
                agentMb, decoderMb, (MachineUse.SecondsOf(_agent.Id) - agent) * 100 / s_idle.TotalSeconds, (decoders.Sum(MachineUse.SecondsOf) - decoding) * 100 / s_idle.TotalSeconds);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (Process? process in new[] { _agent, _camera })
            {
                process?.Kill(entireProcessTree: true);
                await (process?.WaitForExitAsync() ?? Task.CompletedTask);
                process?.Dispose();
            }
            _page.Dispose();
            await _reader.DisposeAsync();
        }

        /// <summary>Null while the page does not answer.</summary>
        private async Task<long?> PicturesAsync()
        {
            try
            {
                using JsonDocument now = JsonDocument.Parse(await _page.GetStringAsync("api/now"));
                return now.RootElement.GetProperty("day").GetProperty("cameras").EnumerateArray().Sum(camera => camera.GetProperty("pictures").GetInt64());
            }
            catch (HttpRequestException)
            {
                return null;
            }
        }

        private int[] Decoders() => [.. Process.GetProcessesByName("ffmpeg").Select(p => p.Id).Where(id => MachineUse.ParentOf(id) == _agent!.Id)];

        private static double ResidentMb(int process)
        {
            string line = File.ReadLines($"/proc/{process}/status").First(static l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;
        }

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }

    private sealed record Start(double PageSeconds, double PictureSeconds, double ProcessorSeconds);

    private sealed record Rest(double AgentMb, double DecoderMb, double AgentPercent, double DecoderPercent);
}
