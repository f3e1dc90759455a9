namespace EdgeAgent.Vision.Imaging;

/// <summary>
/// Says whether anything moved: mean brightness of cells of 16 by 16 pixels against their running average, beyond what the sensor's grain
/// explains. It saves inferences in an empty shop; it must never hide a person, so its owner repeats the last result while all is still.
/// </summary>
internal sealed class MotionGate
{
    private const int CellPx = 16;
    private const int SampleEveryPx = 2;

    // In grey levels of 255. The mean of 64 samples of a quiet camera wavers by less than 1; a dark shoe entering a cell moves it by 5 and more.
    private const float Threshold = 2.5f;

    // A grainy camera in bad light wavers more, bright cells most: six standard deviations of the middle one. Never so much that a shoe is missed.
    private const float Deviations = 6;
    private const float HighestThreshold = 4.5f;

    // Of a bell curve half lies within 0.6745 standard deviations. Half of the cells show the grain, for people hardly ever cover the other half.
    private const float DeviationsOfMedian = 1 / 0.6745f;

    // The average follows a change within about ten pictures, so that a new light or a moved chair stops being motion.
    private const float Follow = 0.2f;

    private float[] _average = [];
    private float[] _differences = [];
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
            (_average, _differences) = (new float[columns * rows], new float[columns * rows]);
            (_width, _height) = (frame.Width, frame.Height);
        }
        ReadOnlySpan<byte> pixels = frame.Pixels;
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                float mean = CellMean(pixels, column * CellPx, row * CellPx);
                int cell = (row * columns) + column;
                ref float average = ref _average[cell];
                _differences[cell] = MathF.Abs(mean - average);
                average = first ? mean : average + ((mean - average) * Follow);
            }
        }
        Array.Sort(_differences);
        float grain = _differences[_differences.Length / 2] * DeviationsOfMedian;
        return first || _differences[^1] > Math.Clamp(grain * Deviations, Threshold, HighestThreshold);
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
