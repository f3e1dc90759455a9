using EdgeAgent.Core;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Vision.Codes;
using EdgeAgent.Vision.Imaging;

namespace EdgeAgent.Vision.Regions;

/// <summary>Which codes lie in a region, so that each is said once however often it is read.</summary>
internal sealed class CodeMemory
{
    // When there are more, the oldest is forgotten and would be said again.
    private const int MaxCodes = 64;

    // In fractions of the picture: a code that is read in nearly the same place is the same code.
    private const float SamePlace = 0.03f;

    private readonly List<CodeSeen> _known = [];
    private readonly List<CodeSeen> _read = [];

    /// <summary>Reads the part and adds an input for each trade item that was not there before.</summary>
    public void Read(CodeReader reader, Frame frame, PixelRect part, string camera, string region, DateTimeOffset at, List<ShopInput> seen)
    {
        _read.Clear();
        reader.Read(frame, part, _read);
        foreach (CodeSeen code in _read)
        {
            if (IsKnown(code))
            {
                continue;
            }
            if (_known.Count == MaxCodes)
            {
                _known.RemoveAt(0);
            }
            _known.Add(code);
            if (CodeItem.TryFind(code, out ItemCode item))
            {
                seen.Add(new ShopInput.CodeScanned(at, camera, region, item.Gtin, item.Serial));
            }
        }
    }

    /// <summary>Something was put or taken there: what was read in that place is no longer there.</summary>
    public void Forget(Box place) => _known.RemoveAll(
        code => code.At.X >= place.X && code.At.X <= place.Right && code.At.Y >= place.Y && code.At.Y <= place.Bottom);

    private bool IsKnown(in CodeSeen code)
    {
        foreach (CodeSeen known in _known)
        {
            if (known.Text == code.Text && known.Type == code.Type
                && MathF.Abs(known.At.X - code.At.X) <= SamePlace && MathF.Abs(known.At.Y - code.At.Y) <= SamePlace)
            {
                return true;
            }
        }
        return false;
    }
}
