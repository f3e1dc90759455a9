using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Faces;
using EdgeAgent.Vision.Imaging;
using EdgeAgent.Vision.Models;
using EdgeAgent.Vision.Overlay;
using EdgeAgent.Vision.People;
using EdgeAgent.Vision.Regions;

namespace EdgeAgent.Vision;

/// <summary>
/// Looks at one camera's pictures and says who is in them. The only door out of this project: pixels go in and end here,
/// boxes and short vectors come out, and a veiled view when somebody looks at the local page. One thread at a time; one per camera, for it remembers the last picture's result.
/// </summary>
public sealed partial class FrameAnalyzer : IDisposable
{
    // A picture that does not differ from the last ones repeats their result, but never for longer than this.
    private static readonly TimeSpan s_longestRepeat = TimeSpan.FromSeconds(1);

    // Where nobody was seen and nothing moves nobody can have come: the look at an empty shop is for a person missed before.
    private static readonly TimeSpan s_longestRepeatOfNobody = TimeSpan.FromSeconds(5);

    private readonly string _camera;
    private PeopleDetector _detector;
    private AppearanceEncoder? _encoder;
    private readonly FaceRoom? _faces;
    private readonly List<ShopInput.MemberSeen> _members = [];
    private readonly MotionGate _motion = new();

    // The last result. Vectors are kept as copies: whoever receives an Appearance may wipe it.
    private readonly List<(Box Box, float Score)> _people = [];
    private readonly List<float[]> _vectors = [];
    private DateTimeOffset? _lastDetection;

    private GoodsWatch? _goods;

    private FrameAnalyzer(string camera, PeopleDetector detector, AppearanceEncoder? encoder, FaceRoom? faces)
    {
        _faces = faces;
        _camera = camera;
        _detector = detector;
        _encoder = encoder;
    }

    /// <summary>Pictures for which the people model ran.</summary>
    public long Detected { get; private set; }

    /// <summary>Pictures in which nothing moved and the last result was repeated.</summary>
    public long Repeated { get; private set; }

    /// <summary>What the last picture showed on trays and shelves; belongs behind its <see cref="ShopInput.FrameObserved"/>. Valid until the next picture.</summary>
    public IReadOnlyList<ShopInput> Goods => _goods?.Seen ?? [];

    /// <summary>What the local page may show of this camera.</summary>
    public VeiledView View { get; } = new();

    /// <summary>Also watches trays and shelves from now on. Disposes <paramref name="goods"/> with itself.</summary>
    public void Watch(GoodsWatch? goods) => _goods = goods;

    /// <summary>Members recognised in the last picture; valid until the next. The caller passes them on after the picture's own result.</summary>
    public IReadOnlyList<ShopInput.MemberSeen> Members => _members;

    /// <summary>What happened to faces; null where this camera recognises none. From any thread.</summary>
    public FaceCounts? FaceCounts => _faces?.Counts;

    /// <summary>Somebody in an opt-in zone of this camera asked to be recognised until then. From any thread; nothing where there is no such zone.</summary>
    public void ArmFaces(string zone, DateTimeOffset until) => _faces?.Arm(zone, until);

    /// <summary>The members that may be recognised from now on; takes the templates over and wipes the old ones at once. From any thread.</summary>
    public void KnowMembers(IReadOnlyList<EnrolledMember> members) => _faces?.Know(members);

    /// <summary>Wipes what is held of faces whose gesture is over: pictures do so too, but a camera may send none. From any thread.</summary>
    public void WipeExpiredFaces(DateTimeOffset now) => _faces?.WipeExpired(now);

    /// <summary>Loads the models that the configuration names.</summary>
    /// <param name="faces">For a camera with opt-in zones; null recognises nobody.</param>
    /// <exception cref="ModelException">A model is unknown, missing or not what the manifest says.</exception>
    public static FrameAnalyzer Open(string camera, ModelsConfig models, ModelCatalog catalog, string modelDirectory, FacesSetup? faces = null)
    {
        ModelEntry people = catalog.Find(models.People ?? throw new ArgumentException("A detector must be chosen.", nameof(models)), "people");
        ModelEntry? appearance = models.Appearance is null ? null : catalog.Find(models.Appearance, "appearance");
        AppearanceEncoder? encoder = null;
        var detector = new PeopleDetector(OnnxModel.Open(people, modelDirectory, models.Threads), (float?)models.PeopleThreshold, (float?)models.FaintThreshold);
        try
        {
            encoder = appearance is null
                ? null
                : new AppearanceEncoder(OnnxModel.Open(appearance, modelDirectory, models.Threads));
            return new FrameAnalyzer(camera, detector, encoder, faces is null ? null : FaceRoom.Open(camera, faces, models, catalog));
        }
        catch
        {
            encoder?.Dispose();
            detector.Dispose();
            throw;
        }
    }

    /// <summary>Says who is in the picture. Disposes <paramref name="frame"/>, also when it fails.</summary>
    /// <param name="at">When the picture was taken; must not run backwards.</param>
    public ShopInput.FrameObserved Analyze(Frame frame, DateTimeOffset at)
    {
        using (frame)
        {
            bool moved = _motion.Moved(frame);
            if (moved || _lastDetection is not DateTimeOffset last || at - last >= (_people.Count == 0 ? s_longestRepeatOfNobody : s_longestRepeat))
            {
                Look(frame);
                _lastDetection = at;
                Detected++;
            }
            else
            {
                Repeated++;
            }
            View.Look(frame, _people, at);
            _goods?.Look(frame, _people, at);
            _members.Clear();
            _faces?.Look(frame, at, _people, _members);
        }
        return new ShopInput.FrameObserved(at, _camera, Result());
    }

    public void Dispose()
    {
        WipeVectors();
        DisposeModels();
        _goods?.Dispose();
        _faces?.Dispose();
    }

    private void Encode(Frame frame)
    {
        if (_encoder is null)
        {
            return;
        }
        foreach ((Box box, float score) in _people)
        {
            // Best first: the faint ones come last, and nobody compares their looks.
            if (score >= _detector.Threshold)
            {
                _vectors.Add(_encoder.Encode(frame, box).ToArray());
            }
        }
    }

    private PersonSeen[] Result()
    {
        if (_people.Count == 0)
        {
            return [];
        }
        var seen = new PersonSeen[_people.Count];
        for (int i = 0; i < seen.Length; i++)
        {
            seen[i] = new PersonSeen(
                _people[i].Box, _people[i].Score, i < _vectors.Count ? new Appearance(_vectors[i]) : null, _people[i].Score < _detector.Threshold);
        }
        return seen;
    }

    private void WipeVectors()
    {
        foreach (float[] vector in _vectors)
        {
            Array.Clear(vector);
        }
        _vectors.Clear();
    }
}
