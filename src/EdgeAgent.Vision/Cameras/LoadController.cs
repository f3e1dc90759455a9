namespace EdgeAgent.Vision.Cameras;

/// <summary>What one camera did in one period.</summary>
/// <param name="Due">Pictures that were to be analysed.</param>
/// <param name="Dropped">Of those, pictures that a newer one replaced before their turn came.</param>
/// <param name="BusySeconds">Time that its analysis took.</param>
/// <param name="Activity">How much there was to see: people found, summed over its pictures.</param>
internal readonly record struct CameraLoad(int Due, int Dropped, double BusySeconds, double Activity);

/// <summary>
/// Decides, once a period, which camera gives up pictures when the box cannot keep up, and which gets them back. Pure: the same loads give the same steps.
/// <list type="bullet">
/// <item>Overloaded (analysis takes more than 85 % of the time there is, or more than one due picture in ten is dropped): one camera goes one step down. All but the
/// busiest go first, evenly; the busiest only when all others are at the last step.</item>
/// <item>At ease (under 60 % and nothing dropped) for some periods: one camera goes one step up, the busiest first, if that is not expected to take more than 80 %. Each time
/// that turns out wrong, the next try waits twice as long, up to a minute of periods.</item>
/// </list>
/// </summary>
/// <param name="slots">Analyses that may run at the same time.</param>
internal sealed class LoadController(int cameras, int slots)
{
    private const double OverloadedShare = 0.85;
    private const double ExpectedShare = 0.8;
    private const double EasyShare = 0.6;
    private const double DroppedShare = 0.1;
    private const int FirstPatience = 5;
    private const int LongestPatience = 60;

    // Activity of the last ten periods or so: somebody who stands still for a moment does not make a camera idle.
    private const double Remember = 0.9;

    private static readonly double[] s_shares = [1, 0.7, 0.5, 0.35, 0.2, 0.1];

    private readonly int[] _steps = new int[cameras];
    private readonly double[] _activity = new double[cameras];
    private int _easy;
    private int _patience = FirstPatience;
    private int _sinceRise = int.MaxValue / 2;

    public static int LastStep => s_shares.Length - 1;

    /// <summary>0 is everything that is wanted.</summary>
    public int Step(int camera) => _steps[camera];

    /// <summary>The part of its pictures that a camera may analyse, 0..1.</summary>
    public double Share(int camera) => s_shares[_steps[camera]];

    /// <summary>Takes the loads of one period in, in the order of the cameras, and moves at most one of them by one step.</summary>
    public void Decide(ReadOnlySpan<CameraLoad> loads, TimeSpan period)
    {
        double busy = 0;
        long due = 0, dropped = 0;
        for (int i = 0; i < loads.Length; i++)
        {
            busy += loads[i].BusySeconds;
            due += loads[i].Due;
            dropped += loads[i].Dropped;
            _activity[i] = (_activity[i] * Remember) + (loads[i].Activity * (1 - Remember));
        }
        double capacity = period.TotalSeconds * slots;
        double share = busy / capacity;
        _sinceRise++;
        if (share > OverloadedShare || dropped > due * DroppedShare)
        {
            _easy = 0;
            if (_sinceRise <= FirstPatience)
            {
                _patience = Math.Min(_patience * 2, LongestPatience);
                _sinceRise = int.MaxValue / 2;
            }
            Lower(loads);
        }
        else if (share < EasyShare && dropped == 0)
        {
            if (++_easy >= _patience && Raise(loads, share, capacity))
            {
                (_easy, _sinceRise) = (0, 0);
            }
        }
        else
        {
            _easy = 0;
        }
    }

    private void Lower(ReadOnlySpan<CameraLoad> loads)
    {
        int busiest = Busiest(everyStep: true);
        int chosen = -1;
        for (int i = 0; i < loads.Length; i++)
        {
            // A camera that costs nothing, because nothing moves, has nothing to give.
            if (i == busiest || _steps[i] == LastStep || loads[i].BusySeconds <= 0)
            {
                continue;
            }
            if (chosen < 0 || _steps[i] < _steps[chosen] || (_steps[i] == _steps[chosen] && _activity[i] < _activity[chosen]))
            {
                chosen = i;
            }
        }
        chosen = chosen < 0 ? busiest : chosen;
        if (chosen >= 0 && _steps[chosen] < LastStep)
        {
            _steps[chosen]++;
        }
    }

    private bool Raise(ReadOnlySpan<CameraLoad> loads, double share, double capacity)
    {
        int chosen = Busiest(everyStep: false);
        if (chosen < 0)
        {
            _patience = FirstPatience;
            return false;
        }
        double more = loads[chosen].BusySeconds * ((s_shares[_steps[chosen] - 1] / s_shares[_steps[chosen]]) - 1) / capacity;
        if (share + more > ExpectedShare)
        {
            return false;
        }
        _steps[chosen]--;
        return true;
    }

    private int Busiest(bool everyStep)
    {
        int busiest = -1;
        for (int i = 0; i < _steps.Length; i++)
        {
            if ((everyStep || _steps[i] > 0) && (busiest < 0 || _activity[i] > _activity[busiest]))
            {
                busiest = i;
            }
        }
        return busiest;
    }
}
