using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Members;

namespace EdgeAgent.Vision.Faces;

/// <summary>
/// Recognises members at one camera: only in zones marked opt-in, only while a gesture arms them, only against those who agreed.
/// Without an armed zone or without members no face model runs. Arming and the gallery may come from any thread; all else is one thread's.
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

    // Handed over under the lock.
    private readonly Lock _handover = new();
    private readonly Dictionary<string, DateTimeOffset> _armedUntil = [];
    private MemberGallery? _nextGallery;

    // The analyzer's thread alone.
    private MemberGallery _gallery = new([]);
    private readonly List<ZoneConfig> _armed = [];
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
        lock (_handover)
        {
            if (_zones.Exists(z => z.Id == zone) && !(_armedUntil.TryGetValue(zone, out DateTimeOffset armed) && armed >= until))
            {
                _armedUntil[zone] = until;
            }
        }
    }

    /// <summary>Those who may be recognised from the next picture on; the old ones are zeroed then. Takes the templates over. Any thread.</summary>
    public void Know(IReadOnlyList<EnrolledMember> members)
    {
        lock (_handover)
        {
            _nextGallery?.Wipe();
            _nextGallery = new MemberGallery(members);
        }
    }

    /// <summary>Looks for members in the picture; adds those recognised to <paramref name="found"/>. Does not dispose <paramref name="frame"/>.</summary>
    /// <param name="people">The people found in the picture: where they stand decides the zone.</param>
    public void Look(Frame frame, DateTimeOffset at, IReadOnlyList<(Box Box, float Score)> people, List<ShopInput.MemberSeen> found)
    {
        TakeOver(at);
        if (_armed.Count == 0 || _gallery.Count == 0)
        {
            Forget(_ => true);
            return;
        }
        Forget(person => at - person.LastAt > s_forget || !_armed.Exists(zone => zone.Id == person.Zone));
        _faces.Clear();
        _detector.Detect(frame, _faces);
        foreach (FaceSeen face in _faces)
        {
            if (ZoneOf(face, people) is string zone)
            {
                Interlocked.Increment(ref _seen);
                Compare(frame, face, zone, at, found);
            }
        }
        _faces.Clear();
    }

    public void Dispose()
    {
        Forget(_ => true);
        _gallery.Wipe();
        _nextGallery?.Wipe();
        _detector.Dispose();
        _encoder.Dispose();
        _liveness?.Dispose();
    }

    private void TakeOver(DateTimeOffset at)
    {
        lock (_handover)
        {
            if (_nextGallery is not null)
            {
                _gallery.Wipe();
                (_gallery, _nextGallery) = (_nextGallery, null);
            }
            _armed.Clear();
            foreach (ZoneConfig zone in _zones)
            {
                if (_armedUntil.TryGetValue(zone.Id, out DateTimeOffset until) && at <= until)
                {
                    _armed.Add(zone);
                }
                else
                {
                    _armedUntil.Remove(zone.Id);
                }
            }
        }
        _gallery.DropExpired(at);
    }

    private void Compare(Frame frame, in FaceSeen face, string zone, DateTimeOffset at, List<ShopInput.MemberSeen> found)
    {
        FaceShots person = PersonOf(face.Box, zone, at);
        FaceQuality quality = FaceQuality.Of(face, frame.Width, frame.Height);
        if (person.Closed || quality.FaultOf(_config.MinSizePx) != FaceFault.None
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
        FaceMatch? match = person.Add(vector, quality.Worth, _gallery, _rules, ref wiped);
        Interlocked.Add(ref _wiped, wiped);
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
    private string? ZoneOf(in FaceSeen face, IReadOnlyList<(Box Box, float Score)> people)
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
        foreach (ZoneConfig zone in _armed)
        {
            if (Polygon.Contains(zone.Area, stands))
            {
                return zone.Id;
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
}
