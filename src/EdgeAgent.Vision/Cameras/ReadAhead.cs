using System.Runtime.ExceptionServices;

namespace EdgeAgent.Vision.Cameras;

/// <summary>
/// Reads the pictures of a clip on a thread of its own, a few ahead of who analyses them: decoder, reading and inference work at the same time.
/// All pictures come, in order. When it is full the reading waits, and so does the decoder.
/// </summary>
internal sealed class ReadAhead : IDisposable
{
    private const int Pictures = 2;

    private readonly FfmpegFrames _frames;
    private readonly object _lock = new();
    private readonly Queue<(Frame Frame, bool Damaged)> _read = new(Pictures);
    private readonly Thread _reader;
    private ExceptionDispatchInfo? _fault;
    private bool _ended;
    private bool _closed;

    /// <param name="frames">Disposed with this object.</param>
    public ReadAhead(FfmpegFrames frames)
    {
        _frames = frames;
        _reader = new Thread(Keep) { IsBackground = true, Name = "clip" };
        _reader.Start();
    }

    /// <summary>The next picture, which the caller owns; null after the last one.</summary>
    /// <param name="damaged">It may show people who are not there.</param>
    /// <exception cref="ClipException">The clip ended too early; the pictures before came.</exception>
    public Frame? Read(out bool damaged)
    {
        lock (_lock)
        {
            while (_read.Count == 0 && !_ended)
            {
                Monitor.Wait(_lock);
            }
            if (_read.TryDequeue(out (Frame Frame, bool Damaged) next))
            {
                Monitor.PulseAll(_lock);
                damaged = next.Damaged;
                return next.Frame;
            }
        }
        _fault?.Throw();
        damaged = false;
        return null;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            Monitor.PulseAll(_lock);
        }
        _frames.Kill();
        _reader.Join();
        while (_read.TryDequeue(out (Frame Frame, bool Damaged) left))
        {
            left.Frame.Dispose();
        }
        _frames.Dispose();
    }

    private void Keep()
    {
        try
        {
            while (_frames.Read() is Frame frame && Put(frame))
            {
            }
        }
        catch (Exception fault)
        {
            // Told to the caller in its place, behind the pictures that came before.
            _fault = ExceptionDispatchInfo.Capture(fault);
        }
        lock (_lock)
        {
            _ended = true;
            Monitor.PulseAll(_lock);
        }
    }

    private bool Put(Frame frame)
    {
        lock (_lock)
        {
            while (_read.Count == Pictures && !_closed)
            {
                Monitor.Wait(_lock);
            }
            _read.Enqueue((frame, _frames.IsDamaged));
            Monitor.PulseAll(_lock);
            return !_closed;
        }
    }
}
