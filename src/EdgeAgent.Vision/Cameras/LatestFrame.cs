using System.Threading.Channels;

namespace EdgeAgent.Vision.Cameras;

/// <summary>
/// The newest picture of a camera between its reader and its analyser. Capacity 1; when full the older picture is dropped: disposed and
/// counted. A late analysis sees the present, not a growing past.
/// </summary>
internal sealed class LatestFrame
{
    private readonly Channel<TimedFrame> _slot;
    private long _dropped;

    public LatestFrame() => _slot = Channel.CreateBounded<TimedFrame>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true, SingleWriter = true },
        old =>
        {
            Interlocked.Increment(ref _dropped);
            old.Frame.Dispose();
        });

    /// <summary>Pictures that were replaced before anybody looked at them.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Takes over the frame.</summary>
    /// <returns>True when an older one had to go.</returns>
    public bool Put(Frame frame, DateTimeOffset at)
    {
        long before = Dropped;
        if (!_slot.Writer.TryWrite(new TimedFrame(frame, at)))
        {
            // The slot is closed: the camera is being stopped.
            frame.Dispose();
        }
        return Dropped != before;
    }

    /// <summary>Waits for a picture; the caller owns it. False when the slot was closed and is empty.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellation) => _slot.Reader.WaitToReadAsync(cancellation);

    public bool TryTake(out TimedFrame frame) => _slot.Reader.TryRead(out frame);

    /// <summary>Closes the slot and disposes what is left in it.</summary>
    public void Close()
    {
        _slot.Writer.TryComplete();
        while (_slot.Reader.TryRead(out TimedFrame left))
        {
            left.Frame.Dispose();
        }
    }
}

/// <summary>A frame and when it arrived.</summary>
internal readonly record struct TimedFrame(Frame Frame, DateTimeOffset At);
