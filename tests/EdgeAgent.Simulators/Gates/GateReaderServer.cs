using System.Net;
using System.Net.Sockets;
using EdgeAgent.Rfid.Llrp;
using EdgeAgent.Simulators.Scenes;

namespace EdgeAgent.Simulators.Gates;

/// <summary>
/// One reader of a scene on a TCP port, LLRP 1.0.1: it goes on inventorying whoever is connected, keeps its ROSpec, its outputs and (when it
/// is set so) the reads of the time without a client, and fails at the times that the scene says. The scene begins when the first client
/// has asked for reports.
/// </summary>
public sealed class GateReaderServer : IAsyncDisposable
{
    /// <summary>Entries kept without a client, as Zebra's FX readers do; then the oldest is lost.</summary>
    private const int MaxKept = 66_000;

    // So many kept entries go into one report: an honest size of a message.
    private const int KeptInOneReport = 200;

    private readonly GateScene _scene;
    private readonly string _reader;
    private readonly ulong? _seed;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    // Touched by whoever holds _reporting.
    private readonly Queue<ReportEntry> _kept = [];
    private readonly List<Task> _sessions = [];
    private readonly TaskCompletionSource _played = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One report after the other: what was kept, then what is new.
    private readonly SemaphoreSlim _reporting = new(1, 1);
    private readonly Task _accepting;
    private GateReaderSession? _session;
    private Task _serving = Task.CompletedTask;

    /// <param name="bind">Address to listen on.</param>
    /// <param name="port">0 for any that is free.</param>
    /// <exception cref="SocketException">The port cannot be used.</exception>
    public GateReaderServer(GateScene scene, string reader, SceneClock clock, IPAddress bind, int port = 0, ulong? seed = null)
    {
        _scene = scene;
        _reader = reader;
        _seed = seed;
        Clock = clock;
        Pins = new ReaderPins(clock.Time);
        Wire = scene.Wire ?? new SceneWire();
        Encoder = new WireEncoder(Wire, reader, Real);
        int antennas = scene.Readers.First(r => r.Id == reader).Antennas.Max(a => a.Id);
        Capabilities = new ReaderCapabilities(
            Math.Max(4, antennas), Wire.Clock == WireClock.Utc, 25882, 2001002, "6.4.1.240", true, 1, [new(1, 1000), new(7, 2000), new(8, 2700), new(20, 3000)],
            RfModes: [0, 2, 1000], GpiCount: ReaderPins.Count, GpoCount: ReaderPins.Count);
        _listener = new TcpListener(bind, port);
        _listener.Start();
        _accepting = Task.WhenAll(AcceptAsync(), PlayAsync());
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Ends when every read of the scene was sent or kept.</summary>
    public Task Played => _played.Task;

    /// <summary>A client set an output: port and whether it is on.</summary>
    public event Action<ushort, bool>? OutputChanged
    {
        add => Pins.OutputChanged += value;
        remove => Pins.OutputChanged -= value;
    }

    /// <summary>A client came (true) or went.</summary>
    public event Action<bool>? ClientChanged;

    /// <summary>Reports sent to a client, entries counted.</summary>
    public long Sent { get; private set; }

    internal SceneClock Clock { get; }

    internal SceneWire Wire { get; }

    internal WireEncoder Encoder { get; }

    internal ReaderCapabilities Capabilities { get; }

    internal ReaderRoSpecs RoSpecs { get; } = new();

    internal ReaderPins Pins { get; }

    /// <summary>Whether an output, counted from 1, is on.</summary>
    public bool IsOutputOn(int port) => Pins.IsOutputOn(port);

    /// <summary>Whether a fault that lasts holds now; none does before the scene has begun.</summary>
    internal bool IsActive(WireFaultKind kind) => Clock.Started.IsCompleted && WireReports.IsActive(Wire, _reader, kind, Clock.Now);

    /// <summary>A client wants reports: the scene begins if it has not, and what was kept goes first.</summary>
    internal async Task ReleaseAsync(GateReaderSession session, CancellationToken cancel)
    {
        Clock.Start();
        await _reporting.WaitAsync(cancel);
        try
        {
            while (_kept.Count > 0)
            {
                var some = new ReportEntry[Math.Min(_kept.Count, KeptInOneReport)];
                for (int i = 0; i < some.Length; i++)
                {
                    some[i] = _kept.Dequeue();
                }
                Sent += some.Length;
                await session.TrySendAsync(Encoder.Report(session.NextId(), some), cancel);
            }
            session.Release();
        }
        finally
        {
            _reporting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_sessions);
        _reporting.Dispose();
        _stop.Dispose();
    }

    private DateTimeOffset Real(TimeSpan at) => Clock.Started.IsCompleted ? Clock.RealTime(at) : Clock.Time.GetUtcNow();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync(_stop.Token);
                socket.NoDelay = true;
                if (IsActive(WireFaultKind.Reboot))
                {
                    socket.LingerState = new LingerOption(true, 0);
                    socket.Dispose();
                    continue;
                }
                if (_session is { ClientGone: true })
                {
                    // It left before this one came; its session is just ending.
                    await _serving;
                }
                _sessions.RemoveAll(static s => s.IsCompleted);
                _sessions.Add(_session is null ? _serving = ServeAsync(socket) : RefuseAsync(socket));
            }
        }
        catch (Exception e) when (_stop.IsCancellationRequested && e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed: the port is closed on purpose.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var session = new GateReaderSession(socket, this, Clock.Time);
        _session = session;
        Encoder.Connected();
        ClientChanged?.Invoke(true);
        await session.RunAsync(_stop.Token);
        _session = null;
        ClientChanged?.Invoke(false);
    }

    /// <summary>Status 2 to the newcomer, status 4 to the client that has the reader.</summary>
    private async Task RefuseAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                await socket.SendAsync(Encoder.ConnectionAttempt(1, Clock.Now, ConnectionAttempt.FailedClientInitiatedExists), _stop.Token);
                if (_session is GateReaderSession holder)
                {
                    await holder.TrySendAsync(Encoder.ConnectionAttempt(holder.NextId(), Clock.Now, ConnectionAttempt.AnotherAttempted), _stop.Token);
                }
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // The newcomer did not wait for its answer.
            }
        }
    }

    private async Task PlayAsync()
    {
        try
        {
            Queue<WireFault> faults = new((Wire.Faults ?? []).Where(f => (f.Reader ?? _reader) == _reader).OrderBy(static f => f.AtSeconds));
            foreach (WireBatch batch in WireReports.Of(_scene, _reader, _seed))
            {
                await PlayFaultsAsync(faults, batch.At);
                await Clock.WaitUntilAsync(batch.At, _stop.Token);
                await PlayAsync(batch);
            }
            await PlayFaultsAsync(faults, TimeSpan.FromSeconds(_scene.Seconds));
            await Clock.WaitUntilAsync(TimeSpan.FromSeconds(_scene.Seconds), _stop.Token);
            _played.SetResult();
        }
        catch (OperationCanceledException)
        {
            _played.TrySetCanceled();
        }
        catch (Exception e)
        {
            // A bug here: whoever waits for the end shall not wait for ever.
            _played.TrySetException(e);
            throw;
        }
    }

    private async Task PlayAsync(WireBatch batch)
    {
        await _reporting.WaitAsync(_stop.Token);
        try
        {
            GateReaderSession? session = _session is { Released: true } released ? released : null;
            if (batch.Edge is EyeEdge edge)
            {
                bool told = Pins.SetInput(edge.Port, edge.Broken);
                RoSpecs.PinChanged(edge.Port, edge.Broken, batch.At);
                // Events are not kept for a later client.
                if (told && session is not null)
                {
                    await session.TrySendAsync(Encoder.Gpi(session.NextId(), edge), _stop.Token);
                }
            }
            else if (RoSpecs.IsRunning(batch.At) && !IsActive(WireFaultKind.Reboot))
            {
                await ReportAsync(session, batch.Entries);
            }
        }
        finally
        {
            _reporting.Release();
        }
    }

    private async Task ReportAsync(GateReaderSession? session, IReadOnlyList<ReportEntry> entries)
    {
        if (session is not null && await session.TrySendAsync(Encoder.Report(session.NextId(), entries), _stop.Token))
        {
            Sent += entries.Count;
            return;
        }
        foreach (ReportEntry entry in Wire.KeepsReports ? entries : [])
        {
            if (_kept.Count == MaxKept)
            {
                _kept.Dequeue();
            }
            _kept.Enqueue(entry);
        }
    }

    private async Task PlayFaultsAsync(Queue<WireFault> faults, TimeSpan until)
    {
        while (faults.TryPeek(out WireFault? fault) && fault.AtSeconds <= until.TotalSeconds)
        {
            faults.Dequeue();
            await Clock.WaitUntilAsync(TimeSpan.FromSeconds(fault.AtSeconds), _stop.Token);
            switch (fault.Kind)
            {
                case WireFaultKind.Drop:
                    _session?.End(reset: false);
                    break;
                case WireFaultKind.Reset:
                    _session?.End(reset: true);
                    break;
                case WireFaultKind.Garbage when _session is GateReaderSession session:
                    await session.TrySendAsync(Garbage((ulong)(fault.AtSeconds * 1000)), _stop.Token);
                    break;
                case WireFaultKind.Reboot:
                    RoSpecs.Forget();
                    await ForgetKeptAsync();
                    Pins.Restart();
                    _session?.End(reset: true);
                    break;
            }
        }
    }

    private async Task ForgetKeptAsync()
    {
        await _reporting.WaitAsync(_stop.Token);
        _kept.Clear();
        _reporting.Release();
    }

    private static byte[] Garbage(ulong seed)
    {
        var dice = new Dice(seed);
        byte[] bytes = new byte[64];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)dice.NextBits();
        }
        // Never by chance a length that a client would wait for: it is beyond any message.
        bytes[2] = 0xFF;
        return bytes;
    }
}
