namespace EdgeAgent.Vision;

/// <summary>
/// One picture: BGR24, rows from the top without padding. It has exactly one owner, who disposes it once; then its memory goes back to
/// the pool and reading it throws. It has no serialiser and leaves this project in no form; see <see cref="Overlay.VeiledView"/> for what the page shows.
/// </summary>
public sealed class Frame : IDisposable
{
    private readonly FramePool _pool;
    private byte[]? _pixels;

    internal Frame(FramePool pool, byte[] pixels, int width, int height)
    {
        _pool = pool;
        _pixels = pixels;
        Width = width;
        Height = height;
    }

    /// <summary>In pixels.</summary>
    public int Width { get; }

    /// <summary>In pixels.</summary>
    public int Height { get; }

    /// <summary>Width * Height * 3 bytes.</summary>
    public Span<byte> Pixels => (_pixels ?? throw new ObjectDisposedException(nameof(Frame))).AsSpan(0, Width * Height * 3);

    /// <summary>Gives the memory back to the pool.</summary>
    /// <exception cref="InvalidOperationException">It was disposed before: two places believe they own it, which is a bug.</exception>
    public void Dispose()
    {
        byte[] pixels = Interlocked.Exchange(ref _pixels, null)
            ?? throw new InvalidOperationException("A frame was disposed twice: it must have exactly one owner.");
        _pool.Return(pixels);
    }
}
