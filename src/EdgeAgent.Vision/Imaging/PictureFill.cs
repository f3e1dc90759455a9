namespace EdgeAgent.Vision.Imaging;

/// <summary>
/// Whether a decoder filled in a part of the picture that it never got: middle grey or the green of all zeros, the same to the bit, where no sensor gives two
/// equal pixels. Recorders that code such pictures again keep the fill and lose the complaint.
/// </summary>
internal sealed class PictureFill
{
    // Part of the picture that must have become one colour all at once.
    private const float Much = 0.08f;

    // Green of Y = Cb = Cr = 128 and of 0 (BT.601), and of 0 by BT.709: with what rounding adds. Times nine samples of a cell.
    private const int GreyFrom = 125 * 9, GreenTo = 138 * 9;
    private const int OtherGreenFrom = 75 * 9, OtherGreenTo = 79 * 9;

    // What stays is part of the shop after all: a screen, a painted wall in a drawn scene.
    private const float UsualSeconds = 60;

    private readonly ushort[] _cellsOf = new ushort[GreenTo + 1];
    private float _usual = -1;

    public bool Look(GreyGrid now, float seconds)
    {
        Array.Clear(_cellsOf);
        int cells = 0, most = 0;
        for (int i = 0; i < now.Sums.Length; i++)
        {
            if (now.Masked[i])
            {
                continue;
            }
            cells++;
            if (now.Fine[i] == 0 && (now.Sums[i] is (>= GreyFrom and <= GreenTo) or (>= OtherGreenFrom and <= OtherGreenTo)))
            {
                most = Math.Max(most, ++_cellsOf[now.Sums[i]]);
            }
        }
        float share = (float)most / Math.Max(1, cells);
        bool filled = _usual >= 0 && share > _usual + Much;
        _usual = _usual < 0 || share < _usual ? share : _usual + ((share - _usual) * MathF.Min(1, seconds / UsualSeconds));
        return filled;
    }
}
