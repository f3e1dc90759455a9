using EdgeAgent.Core.Config;

namespace EdgeAgent.Vision.Cameras;

/// <summary>
/// Shares the box's processors between the cameras: so many analyses at a time, first come, first served, and when that is not enough each camera gets fewer
/// pictures, see <see cref="LoadController"/>. One for all cameras of the box. Thread-safe.
/// </summary>
public sealed class DetectionScheduler : IDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _turns;
    private readonly int _slots;
    private readonly Lock _lock = new();

    // Guarded by _lock. All begin anew when a camera joins or leaves: the box learns within seconds what it can take now.
    private readonly List<Place> _places = [];
    private LoadController _controller;
    private CameraLoad[] _loads;
    private long _periodBegan;

    /// <param name="cameras">The cameras that are there from the start; others may join.</param>
    /// <param name="slots">Analyses that may run at the same time, 1 or more.</param>
    public DetectionScheduler(IReadOnlyList<CameraConfig> cameras, int slots, TimeProvider time)
    {
        _time = time;
        _slots = slots;
        _turns = new SemaphoreSlim(slots, slots);
        _places.AddRange(cameras.Select(camera => new Place(this, camera.Fps)));
        (_controller, _loads) = Number();
    }

    /// <summary>One analysis for each processor that its threads leave free.</summary>
    public static int SlotsFor(int threads) => Math.Max(1, Environment.ProcessorCount / Math.Max(1, threads));

    /// <summary>The place of camera <paramref name="index"/>, in the order of the list.</summary>
    public Place this[int index] => _places[index];

    /// <summary>A camera more, which wants so many pictures a second.</summary>
    public Place Join(double fps)
    {
        lock (_lock)
        {
            var place = new Place(this, fps);
            _places.Add(place);
            (_controller, _loads) = Number();
            return place;
        }
    }

    /// <summary>A camera less, when its runner has ended.</summary>
    public void Leave(Place place)
    {
        lock (_lock)
        {
            _places.Remove(place);
            (_controller, _loads) = Number();
        }
    }

    public void Dispose() => _turns.Dispose();

    private (LoadController Controller, CameraLoad[] Loads) Number()
    {
        for (int i = 0; i < _places.Count; i++)
        {
            _places[i].Camera = i;
        }
        _periodBegan = _time.GetTimestamp();
        return (new LoadController(_places.Count, _slots), new CameraLoad[_places.Count]);
    }

    private void EndPeriod(long now)
    {
        TimeSpan elapsed = _time.GetElapsedTime(_periodBegan, now);
        if (elapsed < s_period)
        {
            return;
        }
        for (int i = 0; i < _places.Count; i++)
        {
            _loads[i] = _places[i].TakeLoad();
        }
        _controller.Decide(_loads, elapsed);
        _periodBegan = now;
    }

    /// <summary>One camera's side of the scheduler.</summary>
    public sealed class Place
    {
        // A slow box never leaves a camera blind: so many pictures a second are always asked for.
        private const double LeastFps = 1;

        private readonly DetectionScheduler _owner;
        private readonly double _fps;
        private long _lastDue;
        private bool _any;
        private int _due;
        private int _dropped;
        private double _busy;
        private double _activity;

        internal Place(DetectionScheduler owner, double fps) => (_owner, _fps) = (owner, fps);

        /// <summary>Its number among the cameras of now. Guarded by the owner's lock.</summary>
        internal int Camera { get; set; }

        /// <summary>0 when every picture is analysed, more when the box cannot keep up.</summary>
        public int Step
        {
            get
            {
                lock (_owner._lock)
                {
                    return _owner._controller.Step(Camera);
                }
            }
        }

        /// <summary>Whether the picture that has just come is to be analysed.</summary>
        public bool IsDue()
        {
            long now = _owner._time.GetTimestamp();
            lock (_owner._lock)
            {
                _owner.EndPeriod(now);
                double share = _owner._controller.Share(Camera);
                // A quarter of a picture's time is forgiven, for pictures do not come to the millisecond.
                double slack = 0.25 / _fps;
                double beat = 1 / Math.Max(LeastFps, _fps * share);
                double since = _any ? _owner._time.GetElapsedTime(_lastDue, now).TotalSeconds : beat;
                if (share < 1 && since + slack < beat)
                {
                    return false;
                }
                // Counted from when it was due, not from when it came: beats of 0.14 s out of pictures every 0.1 s are 0.1 and 0.2 in turn.
                TimeSpan late = TimeSpan.FromSeconds(Math.Clamp(since - beat, -slack, beat));
                _lastDue = now - (long)(late.TotalSeconds * _owner._time.TimestampFrequency);
                _any = true;
                _due++;
                return true;
            }
        }

        /// <summary>Waits for a turn, which <see cref="EndTurn"/> gives back.</summary>
        internal Task TakeTurnAsync(CancellationToken cancellation) => _owner._turns.WaitAsync(cancellation);

        /// <param name="took">How long the analysis took.</param>
        /// <param name="people">How many people it found.</param>
        internal void EndTurn(TimeSpan took, int people)
        {
            _owner._turns.Release();
            lock (_owner._lock)
            {
                _busy += took.TotalSeconds;
                _activity += people;
            }
        }

        /// <summary>A due picture was replaced by a newer one.</summary>
        internal void Dropped()
        {
            lock (_owner._lock)
            {
                _dropped++;
            }
        }

        /// <summary>Called with the owner's lock held.</summary>
        internal CameraLoad TakeLoad()
        {
            var load = new CameraLoad(_due, _dropped, _busy, _activity);
            (_due, _dropped, _busy, _activity) = (0, 0, 0, 0);
            return load;
        }
    }
}
