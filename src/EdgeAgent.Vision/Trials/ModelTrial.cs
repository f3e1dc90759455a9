using EdgeAgent.Core;

namespace EdgeAgent.Vision.Trials;

/// <summary>
/// Two models beside each other on the same pictures, over all cameras of the box: how far they agree, how fast they are, and whether one failed.
/// Of vectors it holds the last sixteen, in memory, and zeroes them when it ends. Thread-safe.
/// </summary>
/// <param name="share">Part of the time that the model beside may take, 0 to 1: 0.1 means that nine times as long as a look took passes before the next.</param>
/// <param name="isSpare">False while the cameras need the processors themselves.</param>
public sealed class ModelTrial(double share, Func<bool> isSpare) : IDisposable
{
    // Two boxes of the same person, by the usual measure.
    private const float SamePerson = 0.5f;

    private const int Remembered = 16;

    private readonly Lock _lock = new();
    private readonly (float[] InUse, float[] Beside)[] _last = new (float[], float[])[Remembered];
    private int _next;

    private long _pictures, _matched, _onlyInUse, _onlyBeside, _vectors, _failures;

    // The shortest run of each: a box that is busy with other things makes any run long, but none short.
    private TimeSpan _inUseTook = TimeSpan.MaxValue, _besideTook = TimeSpan.MaxValue;
    private double _pairs, _sumX, _sumY, _sumXx, _sumYy, _sumXy;

    internal double Share => share;

    internal bool IsSpare => isSpare();

    /// <summary>What was found up to now.</summary>
    public TrialFigures Figures
    {
        get
        {
            lock (_lock)
            {
                return new TrialFigures(
                    _pictures, _matched + _onlyInUse, _matched + _onlyBeside, _vectors, _failures, _vectors > 0 ? LookAgreement() : BoxAgreement(),
                    _pictures == 0 || _inUseTook == TimeSpan.Zero ? 1 : _besideTook / _inUseTook);
            }
        }
    }

    /// <summary>One picture through both detectors. Boxes are in fractions of the picture, best first.</summary>
    internal void AddBoxes(List<Box> inUse, List<Box> beside, TimeSpan inUseTook, TimeSpan besideTook)
    {
        int matched = 0;
        for (int i = 0; i < inUse.Count; i++)
        {
            int best = -1;
            float most = SamePerson;
            for (int k = 0; k < beside.Count; k++)
            {
                float overlap = inUse[i].Overlap(beside[k]);
                (best, most) = overlap >= most ? (k, overlap) : (best, most);
            }
            if (best >= 0)
            {
                // Each box answers for one person only.
                beside.RemoveAt(best);
                matched++;
            }
        }
        lock (_lock)
        {
            _pictures++;
            _matched += matched;
            _onlyInUse += inUse.Count - matched;
            _onlyBeside += beside.Count;
            Took(inUseTook, besideTook);
        }
    }

    /// <summary>One person through both encoders. Copies; the lengths may differ, for each is compared with its own kind only.</summary>
    internal void AddVectors(ReadOnlySpan<float> inUse, ReadOnlySpan<float> beside)
    {
        lock (_lock)
        {
            foreach ((float[]? x, float[]? y) in _last)
            {
                if (x is not null && x.Length == inUse.Length && y.Length == beside.Length)
                {
                    AddPair(Cosine(x, inUse), Cosine(y, beside));
                }
            }
            Forget(_next);
            _last[_next] = (inUse.ToArray(), beside.ToArray());
            _next = (_next + 1) % Remembered;
            _vectors++;
        }
    }

    /// <summary>A picture whose persons were given to <see cref="AddVectors"/>; times are for one person.</summary>
    internal void AddPicture(TimeSpan inUseTook, TimeSpan besideTook)
    {
        lock (_lock)
        {
            _pictures++;
            Took(inUseTook, besideTook);
        }
    }

    /// <summary>The model on trial failed in a run, or gave values that are no numbers.</summary>
    internal void Failed() => Interlocked.Increment(ref _failures);

    public void Dispose()
    {
        lock (_lock)
        {
            for (int i = 0; i < Remembered; i++)
            {
                Forget(i);
            }
        }
    }

    private void Forget(int place)
    {
        Array.Clear(_last[place].InUse ?? []);
        Array.Clear(_last[place].Beside ?? []);
        _last[place] = default;
    }

    private void Took(TimeSpan inUse, TimeSpan beside)
    {
        _inUseTook = inUse < _inUseTook ? inUse : _inUseTook;
        _besideTook = beside < _besideTook ? beside : _besideTook;
    }

    private void AddPair(double x, double y)
    {
        _pairs++;
        _sumX += x;
        _sumY += y;
        _sumXx += x * x;
        _sumYy += y * y;
        _sumXy += x * y;
    }

    /// <summary>F1 over all boxes: 2 · both / (one + other).</summary>
    private double? BoxAgreement() =>
        _matched + _onlyInUse + _onlyBeside == 0 ? null : 2.0 * _matched / ((2 * _matched) + _onlyInUse + _onlyBeside);

    /// <summary>Correlation of the likenesses: who looks like whom must be the same, the vectors themselves need not.</summary>
    private double? LookAgreement()
    {
        double spreadX = (_pairs * _sumXx) - (_sumX * _sumX), spreadY = (_pairs * _sumYy) - (_sumY * _sumY);
        // The square of rounding: everybody looks the same to it.
        double least = 1e-9 * _pairs * _pairs;
        return _pairs < 2 || spreadX < least ? null
            : spreadY < least ? 0
            : Math.Clamp(((_pairs * _sumXy) - (_sumX * _sumY)) / Math.Sqrt(spreadX * spreadY), 0, 1);
    }

    private static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double dot = 0, lengthA = 0, lengthB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            dot += a[i] * b[i];
            lengthA += a[i] * a[i];
            lengthB += b[i] * b[i];
        }
        return lengthA > 0 && lengthB > 0 ? dot / Math.Sqrt(lengthA * lengthB) : 0;
    }
}

/// <summary>What a trial has found.</summary>
/// <param name="Pictures">Compared.</param>
/// <param name="PeopleInUse">People that the model in use saw in them.</param>
/// <param name="PeopleBeside">People that the model beside it saw.</param>
/// <param name="Vectors">Persons whose vectors were compared; 0 for detectors.</param>
/// <param name="Failures">Runs in which the model on trial failed.</param>
/// <param name="Agreement">0 to 1; null when nothing was there to agree on.</param>
/// <param name="BesideToInUse">Shortest run of the model beside as a multiple of that of the one in use.</param>
public readonly record struct TrialFigures(
    long Pictures, long PeopleInUse, long PeopleBeside, long Vectors, long Failures, double? Agreement, double BesideToInUse);
