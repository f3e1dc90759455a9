namespace EdgeAgent.Vision.Imaging;

/// <summary>
/// Says whether anything moved: mean brightness of cells of 16 by 16 pixels against their running average. It saves inferences in an
/// empty shop; it must never hide a person, so its owner repeats the last result while all is still.
/// </summary>
internal sealed class MotionGate
{
    private const int CellPx = 16;
    private const int SampleEveryPx = 4;

    // In grey levels of 255. The mean of 16 samples of a quiet camera wavers by less than 1; a dark shoe entering a cell moves it by 5 and more.
    private const float Threshold = 2;

    // The average follows a change within about ten pictures, so that a new light or a moved chair stops being motion.
    private const float Follow = 0.2f;

    private float[] _average = [];
    private int _width;
    private int _height;

    /// <summary>Takes in the next picture. The first one, and one of another size, always counts as moved.</summary>
    public bool Moved(Frame frame)
    {
        int columns = (frame.Width + CellPx - 1) / CellPx;
        int rows = (frame.Height + CellPx - 1) / CellPx;
        bool first = frame.Width != _width || frame.Height != _height;
        if (first)
        {
            _average = new float[columns * rows];
            (_width, _height) = (frame.Width, frame.Height);
        }
        ReadOnlySpan<byte> pixels = frame.Pixels;
        bool moved = first;
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                float mean = CellMean(pixels, column * CellPx, row * CellPx);
                ref float average = ref _average[(row * columns) + column];
                moved |= MathF.Abs(mean - average) > Threshold;
                average = first ? mean : average + ((mean - average) * Follow);
            }
        }
        return moved;
    }

    /// <summary>Green stands for brightness: it carries most of it and needs no sum of three channels.</summary>
    private float CellMean(ReadOnlySpan<byte> pixels, int left, int top)
    {
        int right = Math.Min(left + CellPx, _width);
        int bottom = Math.Min(top + CellPx, _height);
        int sum = 0, count = 0;
        for (int y = top; y < bottom; y += SampleEveryPx)
        {
            for (int x = left; x < right; x += SampleEveryPx)
            {
                sum += pixels[(((y * _width) + x) * 3) + 1];
                count++;
            }
        }
        return (float)sum / count;
    }
}
