using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Members;

namespace EdgeAgent.Vision.Faces;

/// <summary>
/// Recognises members at one camera: only in zones marked opt-in, only while a gesture arms them, only against those who agreed.
/// Without an armed zone or without members no face model runs. Pictures come from one thread; arming, the gallery and wiping from any.
/// </summary>
internal sealed class FaceRoom : IDisposable
{
    // A face that was not seen for this long is somebody else's place now.
    private static readonly TimeSpan s_forget = TimeSpan.FromSeconds(1);

    // The box of one face from picture to picture at 5 pictures a second and more.
    private const float SameFace = 0.2f;

    // A foot cut off by the lower edge of the picture stands just inside it.
    private const float LowestFoot = 0.999f;

    private readonly string _camera;
    private readonly FacesConfig _config;
    private readonly List<ZoneConfig> _zones;
    private readonly FaceDetector _detector;
    private readonly FaceEncoder _encoder;
    private readonly LivenessCheck? _liveness;
    private readonly FaceRules _rules;

    // The last gesture of each zone. A lock of its own, so that a gesture never waits for a face model.
    private readonly Lock _gestures = new();
    private readonly Dictionary<string, Arming> _arming = [];

    // Held for all of a look, a wipe or a new gallery; _gestures may be taken inside it, never the other way round.
    private readonly Lock _looking = new();
    private MemberGallery _gallery = new([]);
    private readonly List<(ZoneConfig Zone, Arming Arming)> _armed = [];
    private readonly List<FaceSeen> _faces = [];
    private readonly List<FaceShots> _persons = [];

    private long _seen, _embedded, _matched, _wiped;

    private FaceRoom(string camera, FacesSetup setup, FaceDetector detector, FaceEncoder encoder, LivenessCheck? liveness)
    {
        (_camera, _config, _detector, _encoder, _liveness) = (camera, setup.Config, detector, encoder, liveness);
        _zones = [.. setup.Zones.Where(zone => zone.OptIn)];
        _rules = new FaceRules((float?)setup.Config.Threshold ?? encoder.Threshold, (float)setup.Config.Margin, setup.Config.Shots);
    }

    /// <summary>Counters since start; from any thread.</summary>
    public FaceCounts Counts => new(Interlocked.Read(ref _seen), Interlocked.Read(ref _embedded), Interlocked.Read(ref _matched), Interlocked.Read(ref _wiped));

    /// <exception cref="Models.ModelException">A model is unknown, missing or not what the manifest says.</exception>
    public static FaceRoom Open(string camera, FacesSetup setup, ModelsConfig models, Models.ModelCatalog catalog)
    {
        FaceModels opened = FaceModels.Open(models, catalog, setup.ModelDirectory);
        return new FaceRoom(camera, setup, opened.Detector, opened.Encoder, opened.Liveness);
    }

    /// <summary>Somebody in the zone asked to be recognised. A zone of another camera, or one without opt-in, is none of ours. Any thread.</summary>
    public void Arm(string zone, DateTimeOffset until)
    {
        lock (_gestures)
        {
            if (_zones.Exists(z => z.Id == zone) && !(_arming.TryGetValue(zone, out Arming? armed) && armed.Until >= until))
            {
                _arming[zone] = new Arming(until);
            }
        }
    }

    /// <summary>
    /// Those who may be recognised from now on. The old ones are zeroed before this returns, and so are the shots held against them: no picture
    /// need come. Takes the templates over. Any thread; waits for a look that is under way.
    /// </summary>
    public void Know(IReadOnlyList<EnrolledMember> members)
    {
        lock (_looking)
        {
            _gallery.Wipe();
            _gallery = new MemberGallery(members);
            foreach (FaceShots person in _persons)
            {
                Interlocked.Add(ref _wiped, person.Wipe());
            }
        }
    }

    /// <summary>
    /// Zeroes the shots held in zones whose gesture is over, and members whose consent is: for a camera that sends no more pictures.
    /// Any thread; waits for a look that is under way.
    /// </summary>
    public void WipeExpired(DateTimeOffset now)
    {
        lock (_looking)
        {
            TakeOver(now);
            Forget(person => _gallery.Count == 0 || !IsArmed(person.Zone));
        }
    }

    /// <summary>Looks for members in the picture; adds those recognised to <paramref name="found"/>. Does not dispose <paramref name="frame"/>.</summary>
    /// <param name="people">The people found in the picture: where they stand decides the zone.</param>
    public void Look(Frame frame, DateTimeOffset at, IReadOnlyList<(Box Box, float Score)> people, List<ShopInput.MemberSeen> found)
    {
        lock (_looking)
        {
            LookUnlocked(frame, at, people, found);
        }
    }

    public void Dispose()
    {
        lock (_looking)
        {
            Forget(_ => true);
            _gallery.Wipe();
            _detector.Dispose();
            _encoder.Dispose();
            _liveness?.Dispose();
        }
    }

    private void LookUnlocked(Frame frame, DateTimeOffset at, IReadOnlyList<(Box Box, float Score)> people, List<ShopInput.MemberSeen> found)
    {
        TakeOver(at);
        if (_armed.Count == 0 || _gallery.Count == 0)
        {
            Forget(_ => true);
            return;
        }
        Forget(person => at - person.LastAt > s_forget || !IsArmed(person.Zone));
        _faces.Clear();
        _detector.Detect(frame, _faces);
        foreach (FaceSeen face in _faces)
        {
            if (ZoneOf(face, people) is (ZoneConfig zone, Arming arming))
            {
                Interlocked.Increment(ref _seen);
                Compare(frame, face, zone.Id, arming, at, found);
            }
        }
        _faces.Clear();
    }

    /// <summary>Which zones are armed at this time. One in which too many answers failed is not, until the next gesture.</summary>
    private void TakeOver(DateTimeOffset at)
    {
        _armed.Clear();
        lock (_gestures)
        {
            foreach (ZoneConfig zone in _zones)
            {
                if (!_arming.TryGetValue(zone.Id, out Arming? arming))
                {
                    continue;
                }
                if (at > arming.Until)
                {
                    _arming.Remove(zone.Id);
                }
                else if (arming.Misses < _rules.MostMissesInZone)
                {
                    _armed.Add((zone, arming));
                }
            }
        }
        foreach ((ZoneConfig zone, Arming arming) in _armed)
        {
            if (!arming.IsTakenOver)
            {
                arming.IsTakenOver = true;
                TryAnew(zone.Id);
            }
        }
        _gallery.DropExpired(at);
    }

    /// <summary>Whoever was turned away before this gesture and still stands there is tried again.</summary>
    private void TryAnew(string zone)
    {
        foreach (FaceShots person in _persons)
        {
            if (person.Zone == zone)
            {
                person.TryAnew();
            }
        }
    }

    private bool IsArmed(string zone)
    {
        foreach ((ZoneConfig armed, _) in _armed)
        {
            if (armed.Id == zone)
            {
                return true;
            }
        }
        return false;
    }

    private void Compare(Frame frame, in FaceSeen face, string zone, Arming arming, DateTimeOffset at, List<ShopInput.MemberSeen> found)
    {
        FaceShots person = PersonOf(face.Box, zone, at);
        FaceQuality quality = FaceQuality.Of(face, frame.Width, frame.Height);
        if (person.Closed || arming.Misses >= _rules.MostMissesInZone || quality.FaultOf(_config.MinSizePx) != FaceFault.None
            || (_liveness is not null && _liveness.Of(frame, face.Box) < (_config.LivenessThreshold ?? _liveness.Threshold)))
        {
            return;
        }
        FaceTemplate vector = FaceTemplate.Of(_encoder.Encode(frame, face.Points));
        quality = quality with { Sharpness = _encoder.Sharpness };
        _encoder.Wipe();
        Interlocked.Increment(ref _embedded);
        if (quality.FaultOf(_config.MinSizePx) != FaceFault.None)
        {
            vector.Wipe();
            Interlocked.Increment(ref _wiped);
            return;
        }
        long wiped = 0;
        int missesBefore = person.Misses;
        FaceMatch? match = person.Add(vector, quality.Worth, _gallery, _rules, ref wiped);
        Interlocked.Add(ref _wiped, wiped);
        arming.Misses += person.Misses - missesBefore;
        if (match is { Verdict: FaceVerdict.Member } member)
        {
            Interlocked.Increment(ref _matched);
            found.Add(new ShopInput.MemberSeen(at, _camera, zone, member.Member, MathF.Round(member.Score, 3)));
        }
    }

    /// <summary>
    /// A face is where its person stands: in the zone that holds the foot point of the person whose box holds the face. A face without a person
    /// around it is in the zone that holds its own middle. Null when that zone is not armed.
    /// </summary>
    private (ZoneConfig Zone, Arming Arming)? ZoneOf(in FaceSeen face, IReadOnlyList<(Box Box, float Score)> people)
    {
        Point stands = face.Box.Centre;
        float nearest = float.MaxValue;
        for (int i = 0; i < people.Count; i++)
        {
            Box person = people[i].Box;
            Point nose = face.Points.Nose;
            bool holds = nose.X >= person.X && nose.X <= person.Right && nose.Y >= person.Y && nose.Y <= person.Bottom;
            // Of several the one whose head is there: a box's upper edge is the top of the head.
            float distance = MathF.Abs(face.Box.Y - person.Y) + MathF.Abs(face.Box.Centre.X - person.Centre.X);
            if (holds && distance < nearest)
            {
                (nearest, stands) = (distance, new Point(person.Foot.X, MathF.Min(person.Foot.Y, LowestFoot)));
            }
        }
        foreach ((ZoneConfig Zone, Arming Arming) armed in _armed)
        {
            if (Polygon.Contains(armed.Zone.Area, stands))
            {
                return armed;
            }
        }
        return null;
    }

    private FaceShots PersonOf(in Box box, string zone, DateTimeOffset at)
    {
        FaceShots? nearest = null;
        float most = SameFace;
        foreach (FaceShots person in _persons)
        {
            float overlap = person.LastAt == at || person.Zone != zone ? 0 : person.Box.Overlap(box);
            if (overlap > most)
            {
                (nearest, most) = (person, overlap);
            }
        }
        if (nearest is null)
        {
            _persons.Add(nearest = new FaceShots(box, zone, at));
        }
        nearest.SeenAt(box, at);
        return nearest;
    }

    private void Forget(Predicate<FaceShots> gone)
    {
        for (int i = _persons.Count - 1; i >= 0; i--)
        {
            if (gone(_persons[i]))
            {
                Interlocked.Add(ref _wiped, _persons[i].Wipe());
                _persons.RemoveAt(i);
            }
        }
    }

    /// <summary>What one gesture allows in one zone. All but <see cref="Until"/> under the lock of looking.</summary>
    private sealed class Arming(DateTimeOffset until)
    {
        public DateTimeOffset Until { get; } = until;

        public bool IsTakenOver { get; set; }

        /// <summary>Shots that led to no member, of all persons in the zone, also those who have stepped aside since.</summary>
        public int Misses { get; set; }
    }
}
