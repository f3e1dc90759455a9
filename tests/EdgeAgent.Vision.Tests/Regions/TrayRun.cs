using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Simulators.Scenes;
using EdgeAgent.Vision.Codes;
using EdgeAgent.Vision.Products;
using EdgeAgent.Vision.Regions;

namespace EdgeAgent.Vision.Tests.Regions;

/// <summary>Plays a drawn tray into a watcher and keeps what it says.</summary>
internal sealed class TrayRun : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    private static readonly List<(Box Box, float Score)> s_nobody = [];

    private readonly RegionWatcher _watcher;
    private readonly FramePool _pool = new();

    public TrayRun(ProductRecognizer? recognizer = null, CodeReader? codes = null, RegionKind kind = RegionKind.Tray)
    {
        (float left, float top, float right, float bottom) = TrayScene.Tray;
        _watcher = new RegionWatcher(
            "cam", new RegionConfig("tray", kind, [new(left, top), new(right, top), new(right, bottom), new(left, bottom)]), recognizer, codes);
    }

    public List<ShopInput> Seen { get; } = [];

    /// <summary>For example <c>Put@3.9</c>: what happened and when it was said, in the order of saying.</summary>
    public string Story => string.Join(' ', Seen.OfType<ShopInput.GoodsMoved>().Select(g => g.Move.ToString()));

    public static TrayItem Box(int left, int top, int rgb = 0xC03028) => new(left, top, 48, 40, Paint.Rgb(rgb), Paint.Rgb(0xF2F0E0));

    /// <param name="people">Who is in the picture at a time in seconds.</param>
    public TrayRun Play(TrayScene scene, double seconds, Func<double, List<(Box Box, float Score)>>? people = null, double from = 0)
    {
        for (int i = (int)(from * TrayScene.FramesPerSecond); i < seconds * TrayScene.FramesPerSecond; i++)
        {
            double at = (double)i / TrayScene.FramesPerSecond;
            using Frame frame = _pool.Rent(TrayScene.Width, TrayScene.Height);
            scene.Render(i, frame.Pixels);
            _watcher.Look(frame, people?.Invoke(at) ?? s_nobody, Start + TimeSpan.FromSeconds(at), Seen);
        }
        return this;
    }

    /// <summary>Bytes that looking at one picture again and again allocates.</summary>
    public long BytesInSteadyState(TrayScene scene, double at, int pictures)
    {
        using Frame frame = _pool.Rent(TrayScene.Width, TrayScene.Height);
        scene.Render((int)(at * TrayScene.FramesPerSecond), frame.Pixels);
        long before = 0;
        for (int i = -50; i < pictures; i++)
        {
            before = i == 0 ? GC.GetAllocatedBytesForCurrentThread() : before;
            _watcher.Look(frame, s_nobody, Start + TimeSpan.FromSeconds(at + (i / 10.0) + 5), Seen);
        }
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    public void Dispose() => _watcher.Dispose();
}
