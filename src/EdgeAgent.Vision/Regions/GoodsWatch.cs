using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Codes;
using EdgeAgent.Vision.Products;

namespace EdgeAgent.Vision.Regions;

/// <summary>Watches the trays and shelves of one camera. One thread at a time; belongs to the camera's <see cref="FrameAnalyzer"/>.</summary>
public sealed class GoodsWatch : IDisposable
{
    private readonly List<RegionWatcher> _regions = [];
    private readonly List<ShopInput> _seen = [];
    private readonly ProductRecognizer? _recognizer;
    private readonly CodeReader? _codes;

    /// <param name="recognizer">Tells products apart; null reports unknown goods. Disposed with this object.</param>
    /// <param name="codes">Reads codes on trays; null reads none. Disposed with this object.</param>
    public GoodsWatch(CameraConfig camera, ProductRecognizer? recognizer, CodeReader? codes)
    {
        _recognizer = recognizer;
        _codes = codes;
        foreach (RegionConfig region in camera.Regions)
        {
            _regions.Add(new RegionWatcher(camera.Id, region, recognizer, codes));
        }
    }

    /// <summary>What the last picture showed; valid until the next.</summary>
    public IReadOnlyList<ShopInput> Seen => _seen;

    public void Dispose()
    {
        _regions.ForEach(region => region.Dispose());
        _recognizer?.Dispose();
        _codes?.Dispose();
    }

    internal void Look(Frame frame, List<(Box Box, float Score)> people, DateTimeOffset at)
    {
        _seen.Clear();
        foreach (RegionWatcher region in _regions)
        {
            region.Look(frame, people, at, _seen);
        }
    }
}
