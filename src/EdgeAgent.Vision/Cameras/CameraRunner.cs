using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Vision.Cameras;

/// <summary>
/// Keeps one live camera running: connects, reads, and after any failure waits a random while and connects again, for ever.
/// Two workers: one reads pictures into the latest-frame slot, the other analyses the newest and writes to the shop's channel.
/// </summary>
/// <param name="analyzer">Belongs to the caller; used by this runner alone while it runs.</param>
/// <param name="shop">The shop channel; it waits when full, and then pictures are dropped in the slot.</param>
public sealed class CameraRunner(
    CameraConfig camera,
    FrameAnalyzer analyzer,
    ChannelWriter<ShopInput> shop,
    Backoff backoff,
    TimeProvider time,
    FfmpegPrograms? programs = null)
{
    // A connection that lived this long was a good one: the next failure starts with a short wait again.
    private static readonly TimeSpan s_goodConnection = TimeSpan.FromSeconds(10);

    private readonly FramePool _pool = new();
    private readonly LatestFrame _latest = new();

    // Touched by the reading worker alone.
    private (SensorState State, SensorReason Reason)? _reported;

    private long _read;
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

    private async Task KeepReadingAsync(CancellationToken cancellation)
    {
        while (true)
        {
            long start = time.GetTimestamp();
            CameraException fault = await ReadUntilFaultAsync(cancellation);
            cancellation.ThrowIfCancellationRequested();
            Volatile.Write(ref _lastFault, fault.Message);
            await ReportAsync(SensorState.Offline, fault.Reason, cancellation);
            if (time.GetElapsedTime(start) >= s_goodConnection)
            {
                backoff.Reset();
            }
            await Task.Delay(backoff.Next(), time, cancellation);
        }
    }

    /// <summary>One connection, on a thread of its own, for reading from the child blocks.</summary>
    private Task<CameraException> ReadUntilFaultAsync(CancellationToken cancellation) => Task.Factory.StartNew(
        () =>
        {
            Interlocked.Increment(ref _connections);
            try
            {
                using FfmpegFrames frames = FfmpegFrames.Open(camera, _pool, time, programs);
                using CancellationTokenRegistration kill = cancellation.Register(frames.Kill);
                while (true)
                {
                    Frame frame = frames.Read()
                        ?? throw new CameraException($"Camera {camera.Id} is a clip, which has an end.", SensorReason.NoFrames);
                    _latest.Put(frame, time.GetUtcNow());
                    Interlocked.Increment(ref _read);
                    Report(SensorState.Online, SensorReason.None, cancellation);
                }
            }
            catch (CameraException fault)
            {
                return fault;
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private async Task AnalyseAsync(CancellationToken cancellation)
    {
        while (await _latest.WaitAsync(cancellation))
        {
            while (_latest.TryTake(out TimedFrame taken))
            {
                await shop.WriteAsync(analyzer.Analyze(taken.Frame, taken.At), cancellation);
                foreach (ShopInput.MemberSeen member in analyzer.Members)
                {
                    await shop.WriteAsync(member, cancellation);
                }
            }
        }
    }

    /// <summary>For the reading thread, which may block: the shop learns that a camera is back before it gets much of what it sees.</summary>
    private void Report(SensorState state, SensorReason reason, CancellationToken cancellation)
    {
        if (_reported != (state, reason))
        {
            ReportAsync(state, reason, cancellation).GetAwaiter().GetResult();
        }
    }

    /// <summary>Tells the shop when the condition differs from the one told last.</summary>
    private async Task ReportAsync(SensorState state, SensorReason reason, CancellationToken cancellation)
    {
        if (_reported == (state, reason))
        {
            return;
        }
        await shop.WriteAsync(new ShopInput.SensorReported(time.GetUtcNow(), SensorKind.Camera, camera.Id, state, reason), cancellation);
        _reported = (state, reason);
    }
}

/// <summary>How a camera is doing.</summary>
/// <param name="FramesDropped">Pictures replaced by a newer one before they were analysed.</param>
/// <param name="FramesHeld">Pictures that somebody owns now; 3 at most.</param>
/// <param name="LastFault">One sentence about the last failure, or null.</param>
/// <param name="Faces">Null where no faces are recognised.</param>
public sealed record CameraStatus(string Camera, long FramesRead, long FramesDropped, long Connections, int FramesHeld, string? LastFault, Faces.FaceCounts? Faces);
