using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Imaging;

namespace EdgeAgent.Vision.Cameras;

/// <summary>
/// Keeps one live camera running: connects, reads, and after any failure waits a random while and connects again, for ever.
/// Two workers: one reads pictures into the latest-frame slot, the other analyses the newest and writes to the shop's channel.
/// </summary>
/// <param name="analyzer">Belongs to the caller; used by this runner alone while it runs.</param>
/// <param name="shop">The shop channel; it waits when full, and then pictures are dropped in the slot.</param>
/// <param name="place">The camera's place in the box's scheduler; null analyses every picture.</param>
/// <param name="warn">Gets a sentence when a hardware decoder is given up, or a camera changes the shape of its picture.</param>
public sealed class CameraRunner(
    CameraConfig camera,
    FrameAnalyzer analyzer,
    ChannelWriter<ShopInput> shop,
    Backoff backoff,
    TimeProvider time,
    DetectionScheduler.Place? place = null,
    Action<string>? warn = null) : IDisposable
{
    // A connection that lived this long was a good one: the next failure starts with a short wait again.
    private static readonly TimeSpan s_goodConnection = TimeSpan.FromSeconds(10);

    private readonly FramePool _pool = new();
    private readonly LatestFrame _latest = new();
    private readonly CameraCondition _condition = new(camera.Id, shop, time);
    private readonly DecoderChoice _decoder = new(camera.Decoder);

    // Touched by the analysing worker alone.
    private readonly PictureHealth _health = new(camera.Masks);

    private long _read;
    private long _analysed;
    private long _connections;
    private string? _lastFault;

    /// <summary>Counters and the last fault, for the status page. From any thread.</summary>
    public CameraStatus Status => new(
        camera.Id,
        Interlocked.Read(ref _read),
        _latest.Dropped,
        Interlocked.Read(ref _connections),
        _pool.Outstanding,
        Volatile.Read(ref _lastFault),
        Interlocked.Read(ref _analysed),
        place?.Step ?? 0,
        _decoder.Now.Kind,
        _decoder.Fallbacks,
        analyzer.FaceCounts);

    /// <summary>Runs until cancelled, once. A fault of the model or a bug ends it with an exception; a fault of the camera never does.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task reading = KeepReadingAsync(stop.Token);
        Task analysing = Task.Run(() => AnalyseAsync(stop.Token), CancellationToken.None);
        await Task.WhenAny(reading, analysing);
        await stop.CancelAsync();
        try
        {
            await Task.WhenAll(reading, analysing);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Stopped as asked.
        }
        finally
        {
            _latest.Close();
        }
    }

    public void Dispose() => _condition.Dispose();

    private async Task KeepReadingAsync(CancellationToken cancellation)
    {
        while (true)
        {
            long start = time.GetTimestamp();
            Exception fault = await ReadUntilFaultAsync(cancellation);
            cancellation.ThrowIfCancellationRequested();
            Volatile.Write(ref _lastFault, fault.Message);
            if (fault is DecoderException)
            {
                // Not the camera's fault: the next decoder is tried without a wait and without a word to the shop.
                warn?.Invoke($"{fault.Message} {(_decoder.Fallbacks > 0 ? "The processor decodes it from now on." : "Another decoder is tried.")}");
                continue;
            }
            if (fault is CameraException away)
            {
                await _condition.ConnectionIsAsync(SensorState.Offline, away.Reason, cancellation);
            }
            else
            {
                // The decoder has to begin anew for another shape of picture; the camera itself is fine.
                warn?.Invoke(fault.Message);
            }
            if (time.GetElapsedTime(start) >= s_goodConnection)
            {
                backoff.Reset();
            }
            await Task.Delay(backoff.Next(), time, cancellation);
        }
    }

    /// <summary>One connection, on a thread of its own, for reading from the child blocks.</summary>
    private Task<Exception> ReadUntilFaultAsync(CancellationToken cancellation) => Task.Factory.StartNew<Exception>(
        () =>
        {
            Interlocked.Increment(ref _connections);
            try
            {
                using LiveFrames frames = LiveFrames.Open(camera, _pool, time, _decoder);
                using CancellationTokenRegistration kill = cancellation.Register(frames.Kill);
                while (true)
                {
                    Frame frame = frames.Read()
                        ?? throw new CameraException($"Camera {camera.Id} is a clip, which has an end.", SensorReason.NoFrames);
                    Interlocked.Increment(ref _read);
                    bool trusted = !frames.IsDamaged;
                    Take(frame, trusted);
                    (SensorState state, SensorReason reason) = trusted
                        ? (SensorState.Online, SensorReason.None)
                        : (SensorState.Degraded, SensorReason.DamagedMessage);
                    if (!_condition.IsKnown(state, reason))
                    {
                        // This thread may block: the shop learns that a camera is back before it gets much of what it sees.
                        _condition.ConnectionIsAsync(state, reason, cancellation).GetAwaiter().GetResult();
                    }
                }
            }
            catch (Exception fault) when (fault is CameraException or DecoderException or PictureShapeException)
            {
                return fault;
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    /// <summary>Into the slot, unless the picture is damaged or the box is too busy for this one.</summary>
    private void Take(Frame frame, bool trusted)
    {
        if (!trusted || (place is not null && !place.IsDue()))
        {
            frame.Dispose();
        }
        else if (_latest.Put(frame, time.GetUtcNow()))
        {
            place?.Dropped();
        }
    }

    private async Task AnalyseAsync(CancellationToken cancellation)
    {
        SensorReason told = SensorReason.None;
        while (await _latest.WaitAsync(cancellation))
        {
            ShopInput.FrameObserved? observed = await AnalyseNewestAsync(cancellation);
            if (_health.Fault != told)
            {
                told = _health.Fault;
                await _condition.PictureIsAsync(told, cancellation);
            }
            if (observed is not null)
            {
                await shop.WriteAsync(observed, cancellation);
                foreach (ShopInput goods in analyzer.Goods)
                {
                    await shop.WriteAsync(goods, cancellation);
                }
                foreach (ShopInput.MemberSeen member in analyzer.Members)
                {
                    await shop.WriteAsync(member, cancellation);
                }
            }
        }
    }

    /// <summary>Null when there was no picture, or one that shows nothing that may be counted.</summary>
    private async ValueTask<ShopInput.FrameObserved?> AnalyseNewestAsync(CancellationToken cancellation)
    {
        if (place is not null)
        {
            await place.TakeTurnAsync(cancellation);
        }
        long began = time.GetTimestamp();
        ShopInput.FrameObserved? observed = null;
        try
        {
            // Taken after the turn has come: it is the newest then.
            if (_latest.TryTake(out TimedFrame taken))
            {
                _health.Look(taken.Frame, taken.At);
                if (_health.IsBlind)
                {
                    taken.Frame.Dispose();
                }
                else
                {
                    observed = analyzer.Analyze(taken.Frame, taken.At);
                    Interlocked.Increment(ref _analysed);
                }
            }
        }
        finally
        {
            place?.EndTurn(time.GetElapsedTime(began), observed?.People.Count ?? 0);
        }
        return observed;
    }
}

/// <summary>How a camera is doing.</summary>
/// <param name="FramesDropped">Pictures replaced by a newer one before they were analysed.</param>
/// <param name="FramesHeld">Pictures that somebody owns now; 3 at most.</param>
/// <param name="LastFault">One sentence about the last failure, or null.</param>
/// <param name="FramesAnalysed">Pictures whose people are known, by the model or because nothing moved.</param>
/// <param name="Step">How far the camera is thinned out because the box cannot keep up; 0 for not at all.</param>
/// <param name="Decoder">What decodes now.</param>
/// <param name="DecoderFallbacks">1 when the configured hardware was given up.</param>
/// <param name="Faces">Null where no faces are recognised.</param>
public sealed record CameraStatus(
    string Camera, long FramesRead, long FramesDropped, long Connections, int FramesHeld, string? LastFault,
    long FramesAnalysed, int Step, VideoDecoder Decoder, int DecoderFallbacks, Faces.FaceCounts? Faces);
