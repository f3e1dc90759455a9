namespace EdgeAgent.Vision;

/// <summary>
/// Memory of pictures, used again. A camera needs about three: one being filled, one waiting, one being analysed. Thread-safe.
/// </summary>
public sealed class FramePool
{
    private readonly Lock _lock = new();
    private readonly Stack<byte[]> _free = new();
    private int _outstanding;

    /// <summary>Frames that somebody owns now. Grows without end when an owner forgets to dispose.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>The pixels are left over from an earlier picture: the caller fills all of them.</summary>
    public Frame Rent(int width, int height)
    {
        int bytes = checked(width * height * 3);
        byte[]? pixels = null;
        lock (_lock)
        {
            // A change of size empties the pool bit by bit: memory of another size is let go.
            while (pixels is null && _free.TryPop(out byte[]? free))
            {
                pixels = free.Length == bytes ? free : null;
            }
        }
        Interlocked.Increment(ref _outstanding);
        return new Frame(this, pixels ?? GC.AllocateUninitializedArray<byte>(bytes), width, height);
    }

    internal void Return(byte[] pixels)
    {
        Interlocked.Decrement(ref _outstanding);
        lock (_lock)
        {
            _free.Push(pixels);
        }
    }
}
