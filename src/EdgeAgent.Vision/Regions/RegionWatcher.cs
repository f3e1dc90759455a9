using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Codes;
using EdgeAgent.Vision.Imaging;
using EdgeAgent.Vision.Products;

namespace EdgeAgent.Vision.Regions;

/// <summary>
/// Watches one tray or shelf. While something moves it waits; when all has been at rest for a moment it compares with how it was before, and says
/// what was put down and what was taken. In steady state a picture costs one pass over the region's cells and no memory.
/// </summary>
/// <param name="recognizer">Belongs to the caller; null reports unknown goods.</param>
/// <param name="codes">Belongs to the caller; null reads none.</param>
internal sealed class RegionWatcher(string camera, RegionConfig region, ProductRecognizer? recognizer, CodeReader? codes) : IDisposable
{
    // A hand that pauses over a tray moves again within this.
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(0.7);

    // How often a region that is at rest but partly hidden is looked at again.
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(0.5);

    // What lies over the edge, or covers most of the region, for this long without moving belongs to the scene: learned without an event.
    private static readonly TimeSpan s_scene = TimeSpan.FromSeconds(20);

    // A quiet region is learned anew this often, so that slow changes never add up.
    private static readonly TimeSpan s_learn = TimeSpan.FromSeconds(10);

    // In grey levels. Two cells that differ by this from when stillness began are motion.
    private const float MotionLevel = 10;
    private const int MotionCells = 2;

    // More than this of the region changed at once: the light went out, the camera was moved, a person covers it. No product is that large.
    private const float SceneShare = 0.6f;

    // Of the outline's step: below it both pictures show a thing in that place.
    private const float ClearEdge = 0.3f;

    private readonly CodeMemory _codesSeen = new();
    private RegionPicture? _before;
    private RegionGrid _now = null!;
    private RegionGrid _anchor = null!;
    private RegionChange _change = null!;
    private bool[] _covered = [];
    private int _width;
    private int _height;
    private bool _known;
    private bool _moved;
    private DateTimeOffset _stillSince;
    private DateTimeOffset _judged;
    private DateTimeOffset _learned;
    private DateTimeOffset _scanned;

    /// <summary>Takes in the next picture; adds what happened to <paramref name="seen"/>. Does not dispose <paramref name="frame"/>.</summary>
    /// <param name="people">Who is in the picture: nothing is concluded about what is behind them.</param>
    public void Look(Frame frame, List<(Box Box, float Score)> people, DateTimeOffset at, List<ShopInput> seen)
    {
        if (_before is null || frame.Width != _width || frame.Height != _height)
        {
            Begin(frame, at);
        }
        _now.Fill(frame);
        Cover(people, frame);
        if (Moves())
        {
            _now.CopyTo(_anchor);
            (_stillSince, _moved) = (at, true);
            return;
        }
        if (_moved && at - _stillSince >= s_rest && at - _judged >= s_again)
        {
            _judged = at;
            Judge(frame, at, seen);
        }
        else if (!_moved && at - _learned >= s_learn)
        {
            LearnAll(frame, at);
        }
    }

    public void Dispose() => _before?.Dispose();

    private void Begin(Frame frame, DateTimeOffset at)
    {
        _before?.Dispose();
        _before = new RegionPicture(region, frame.Width, frame.Height);
        _now = new RegionGrid(_before.Cells.Part);
        _anchor = new RegionGrid(_before.Cells.Part);
        _change = new RegionChange(_now.Count);
        _covered = new bool[_now.Count];
        (_width, _height) = (frame.Width, frame.Height);
        (_known, _moved, _stillSince, _judged, _learned) = (false, true, at, DateTimeOffset.MinValue, at);
        _now.Fill(frame);
        _now.CopyTo(_anchor);
    }

    private void Cover(List<(Box Box, float Score)> people, Frame frame)
    {
        Array.Clear(_covered);
        PixelRect part = _now.Part;
        for (int p = 0; p < people.Count; p++)
        {
            Box box = people[p].Box;
            int left = Cell((box.X * frame.Width) - part.X, _now.Columns), right = Cell((box.Right * frame.Width) - part.X + RegionGrid.CellPx, _now.Columns);
            int bottom = Cell((box.Bottom * frame.Height) - part.Y + RegionGrid.CellPx, _now.Rows);
            for (int y = Cell((box.Y * frame.Height) - part.Y, _now.Rows); y < bottom; y++)
            {
                _covered.AsSpan((y * _now.Columns) + left, Math.Max(0, right - left)).Fill(true);
            }
        }
    }

    private static int Cell(float px, int most) => (int)Math.Clamp(px / RegionGrid.CellPx, 0, most);

    private bool Moves()
    {
        ReadOnlySpan<float> now = _now.Cells, anchor = _anchor.Cells;
        int moved = 0;
        for (int i = 0; i < _covered.Length; i++)
        {
            if (!_covered[i] && (MathF.Abs(now[i * 3] - anchor[i * 3]) > MotionLevel || MathF.Abs(now[(i * 3) + 1] - anchor[(i * 3) + 1]) > MotionLevel
                || MathF.Abs(now[(i * 3) + 2] - anchor[(i * 3) + 2]) > MotionLevel))
            {
                moved++;
            }
        }
        return moved >= MotionCells;
    }

    private void Judge(Frame frame, DateTimeOffset at, List<ShopInput> seen)
    {
        bool isScene = at - _stillSince >= s_scene;
        if (!_known)
        {
            // The first picture is learned when nobody stands in it.
            if (!_covered.AsSpan().Contains(true) || isScene)
            {
                LearnAll(frame, at);
                (_known, _moved) = (true, false);
            }
            return;
        }
        _change.Compare(_now, _before!, _covered);
        if (_change.ChangedShare > SceneShare)
        {
            if (isScene)
            {
                LearnAll(frame, at);
                _moved = false;
            }
            return;
        }
        bool waits = false;
        int before = seen.Count;
        for (int i = 0; i < _change.Blobs.Count; i++)
        {
            Blob blob = _change.Blobs[i];
            waits |= Waits(blob) && !isScene;
            if (blob.Cells >= RegionChange.LeastCells && blob.Inside * 2 > blob.Cells && !blob.AtEdge)
            {
                Tell(frame, blob, at, seen);
                _codesSeen.Forget(Fractions(_now.Pixels(blob.Box), frame));
            }
        }
        // Once for each rest: a region that is half hidden is judged twice a second.
        if (codes is not null && region.Kind == RegionKind.Tray && (_scanned != _stillSince || seen.Count > before))
        {
            _scanned = _stillSince;
            _codesSeen.Read(codes, frame, _now.Part, camera, region.Id, at, seen);
        }
        for (int i = 0; i < _covered.Length; i++)
        {
            if (!_covered[i] && !(_change.BlobOf(i) is int blob and >= 0 && Waits(_change.Blobs[blob]) && !isScene))
            {
                _before!.Learn(i, _now, frame);
            }
        }
        _learned = at;
        _moved = waits || (_covered.AsSpan().Contains(true) && !isScene);
    }

    private static bool Waits(in Blob blob) => blob.AtEdge && blob.Cells >= RegionChange.LeastCells;

    /// <summary>Something new in an empty place was put, an empty place where something was had it taken; where both show a thing, both happened.</summary>
    private void Tell(Frame frame, in Blob blob, DateTimeOffset at, List<ShopInput> seen)
    {
        float clear = (blob.EdgeNow - blob.EdgeBefore) / MathF.Max(MathF.Max(blob.EdgeNow, blob.EdgeBefore), 1);
        PixelRect place = _now.Pixels(blob.Box);
        bool isPut = clear > -ClearEdge, isTaken = clear < ClearEdge;
        float putScore = 0, takenScore = 0;
        GalleryProduct? put = null, taken = null;
        if (recognizer is not null)
        {
            // Without its surroundings: they are not in the pictures of the gallery.
            place = new ThingBox(frame, _before!.Pixels, _now.Part, _change.Gain).Within(place);
            // What is on a shelf may be charged to somebody.
            bool strict = region.Kind == RegionKind.Shelf;
            taken = isTaken ? recognizer.Identify(_before.Pixels, place with { X = place.X - _now.Part.X, Y = place.Y - _now.Part.Y }, strict, out takenScore) : null;
            put = isPut ? recognizer.Identify(frame, place, strict, out putScore) : null;
        }
        if (put is not null && ReferenceEquals(put, taken))
        {
            // The same product was turned round or pushed aside.
            return;
        }
        if (isTaken)
        {
            seen.Add(new ShopInput.GoodsMoved(at, camera, region.Id, GoodsMove.Taken, taken?.Gtin, takenScore));
        }
        if (isPut)
        {
            seen.Add(new ShopInput.GoodsMoved(at, camera, region.Id, GoodsMove.Put, put?.Gtin, putScore));
        }
    }

    private static Box Fractions(PixelRect place, Frame frame) =>
        new((float)place.X / frame.Width, (float)place.Y / frame.Height, (float)place.Width / frame.Width, (float)place.Height / frame.Height);

    private void LearnAll(Frame frame, DateTimeOffset at)
    {
        for (int i = 0; i < _covered.Length; i++)
        {
            if (!_covered[i])
            {
                _before!.Learn(i, _now, frame);
            }
        }
        _learned = at;
    }
}
