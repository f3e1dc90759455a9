using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Imaging;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Vision.Faces;

/// <summary>One face of a picture, for a person to read.</summary>
/// <param name="X">Middle of the face in pixels of the upright picture.</param>
/// <param name="Y">Middle of the face in pixels of the upright picture.</param>
/// <param name="Problem">Why it could not be enrolled, as the rest of a sentence; null when it could.</param>
public readonly record struct PictureFace(int X, int Y, int SizePx, float Score, float Sharpness, float Turn, string? Problem);

/// <summary>Checks pictures for enrolment and turns good ones into a template. Keeps nothing of them. One thread at a time.</summary>
public sealed class FaceEnroller : IDisposable
{
    /// <summary>A template from a smaller face would do worse than the faces it is compared with.</summary>
    public const int LeastSizePx = 48;

    // Larger pictures are made smaller: a face that is still too small then is none to enrol.
    private const int LongestSidePx = 2560;

    // Somebody far behind is no second person in the picture.
    private const float Bystander = 0.4f;

    private readonly FaceDetector _detector;
    private readonly FaceEncoder _encoder;
    private readonly FramePool _pool = new();

    private FaceEnroller(FaceModels models) => (_detector, _encoder) = (models.Detector, models.Encoder);

    /// <summary>Cosine from which two faces are the same person's, by the model's manifest entry.</summary>
    public float Threshold => _encoder.Threshold;

    /// <summary>Values of one vector; a stored template of another length is another model's.</summary>
    public int Length => _encoder.Length;

    /// <exception cref="ModelException">A model is unknown, missing or not what the manifest says.</exception>
    public static FaceEnroller Open(ModelsConfig models, ModelCatalog catalog, string modelDirectory) =>
        new(FaceModels.Open(models with { Liveness = [] }, catalog, modelDirectory));

    /// <summary>The face of the one person in the picture; the caller wipes it.</summary>
    /// <exception cref="PictureException">It cannot be used: no face, two faces, too small, blurred, turned away, cut off, or no picture.</exception>
    public FaceTemplate Enrol(string file)
    {
        using Frame frame = PictureFile.Read(file, _pool, LongestSidePx);
        List<FaceSeen> faces = Persons(frame);
        if (faces.Count != 1)
        {
            throw new PictureException(faces.Count == 0
                ? $"{file} shows no face; take a picture of the face from the front, in good light."
                : $"{file} shows {faces.Count} faces; take a picture of one person alone.");
        }
        try
        {
            FaceTemplate vector = FaceTemplate.Of(_encoder.Encode(frame, faces[0].Points));
            if (Problem(QualityOf(faces[0], frame)) is string problem)
            {
                vector.Wipe();
                throw new PictureException($"{file}: {problem}.");
            }
            return vector;
        }
        finally
        {
            _encoder.Wipe();
        }
    }

    /// <summary>Every face of the picture and how good it is. Nothing is kept.</summary>
    /// <exception cref="PictureException">It is no picture.</exception>
    public IReadOnlyList<PictureFace> Check(string file)
    {
        using Frame frame = PictureFile.Read(file, _pool, LongestSidePx);
        var faces = new List<FaceSeen>();
        _detector.Detect(frame, faces);
        var checks = new List<PictureFace>();
        foreach (FaceSeen face in faces)
        {
            _encoder.Encode(frame, face.Points);
            FaceQuality quality = QualityOf(face, frame);
            _encoder.Wipe();
            checks.Add(new PictureFace(
                (int)(face.Box.Centre.X * frame.Width), (int)(face.Box.Centre.Y * frame.Height), (int)quality.SizePx, face.Score, quality.Sharpness,
                quality.Turn, Problem(quality)));
        }
        return checks;
    }

    /// <summary>One template from the templates of several pictures; those are wiped.</summary>
    public static FaceTemplate Fuse(IReadOnlyList<FaceTemplate> pictures)
    {
        FaceTemplate mean = FaceTemplate.Mean([.. pictures]);
        foreach (FaceTemplate picture in pictures)
        {
            picture.Wipe();
        }
        return mean;
    }

    public void Dispose()
    {
        _detector.Dispose();
        _encoder.Dispose();
    }

    private List<FaceSeen> Persons(Frame frame)
    {
        var faces = new List<FaceSeen>();
        _detector.Detect(frame, faces);
        float largest = 0;
        foreach (FaceSeen face in faces)
        {
            largest = MathF.Max(largest, face.Box.Height);
        }
        faces.RemoveAll(face => face.Box.Height < largest * Bystander);
        return faces;
    }

    private FaceQuality QualityOf(in FaceSeen face, Frame frame) =>
        FaceQuality.Of(face, frame.Width, frame.Height) with { Sharpness = _encoder.Sharpness };

    private static string? Problem(in FaceQuality quality) => quality.FaultOf(LeastSizePx, FaceQuality.LeastSharpnessToEnrol) switch
    {
        FaceFault.None => null,
        FaceFault.CutOff => "the face is cut off by the edge of the picture; take one with room around the head",
        FaceFault.TooSmall => $"the face is too small ({(int)quality.SizePx} pixels, at least {LeastSizePx}); take the picture from nearer",
        FaceFault.TurnedAway => "the face is turned away; look straight into the camera",
        FaceFault.Blurred => "the face is blurred; hold still, in good light",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
