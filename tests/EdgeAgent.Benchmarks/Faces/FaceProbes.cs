using System.Text.Json;
using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision;
using EdgeAgent.Vision.Cameras;
using EdgeAgent.Vision.Faces;
using EdgeAgent.Vision.Imaging;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Benchmarks.Faces;

/// <summary>One good face of a picture or clip, and who it is as far as the truth says.</summary>
/// <param name="Source">Picture or clip; frames of one clip follow each other.</param>
/// <param name="Person">A, B, C, woman, man; another text for somebody else; null when the truth is not certain.</param>
internal sealed record Probe(string Source, string? Person, FaceTemplate Face, float Worth, float[] Liveness);

/// <summary>Every face of the fixtures that passes the quality gate of a running agent.</summary>
internal sealed class FaceProbes(string shared, ModelCatalog catalog) : IDisposable
{
    private const string Clip = "preview-head-pose-face-detection-";

    private readonly FaceDetector _detector = new(OnnxModel.Open(catalog.Find("yunet-2023mar-640", "faces"), Path.Combine(shared, "models"), 2));
    private readonly FaceEncoder _encoder = new(OnnxModel.Open(catalog.Find("face-omz0095", "face-vector"), Path.Combine(shared, "models"), 2));
    private readonly LivenessCheck[] _liveness =
        [.. new[] { "minifasnet-v2-27", "minifasnet-v1se-40" }.Select(name => new LivenessCheck([OnnxModel.Open(catalog.Find(name, "liveness"), Path.Combine(shared, "models"), 2)]))];

    public static IEnumerable<(string File, string? Person, List<(float X, float Y)> Noses)> Truth(string shared)
    {
        string folder = Path.Combine(shared, "fixtures", "faces", "compreface");
        using JsonDocument truth = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "truth.json")));
        foreach (JsonElement image in truth.RootElement.GetProperty("images").EnumerateArray())
        {
            yield return (
                Path.Combine(folder, image.GetProperty("image").GetString()!), image.GetProperty("person").GetString(),
                [.. image.GetProperty("noses_px").EnumerateArray().Select(n => (n[0].GetSingle(), n[1].GetSingle()))]);
        }
    }

    public List<Probe> Collect()
    {
        var probes = new List<Probe>();
        foreach ((string file, string? person, _) in Truth(shared))
        {
            using Frame frame = PictureFile.Read(file, new FramePool());
            Add(frame, probes, Path.GetFileName(file), _ => person ?? "somebody in " + Path.GetFileName(file));
        }
        foreach (string file in Directory.GetFiles(Path.Combine(shared, "fixtures", "video"), "preview-*.gif").Order(StringComparer.Ordinal))
        {
            using FfmpegFrames frames = FfmpegFrames.Open(new CameraConfig("clip", "clip:" + file, 12, 640), new FramePool(), TimeProvider.System);
            string name = Path.GetFileNameWithoutExtension(file);
            while (frames.Read() is Frame frame)
            {
                using (frame)
                {
                    Add(frame, probes, name, x => PersonOf(name, x));
                }
            }
        }
        return probes;
    }

    public float[] LivenessOf(Frame frame, in FaceSeen face)
    {
        float[] scores = new float[_liveness.Length];
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = _liveness[i].Of(frame, face.Box);
        }
        return scores;
    }

    public List<FaceSeen> Faces(Frame frame)
    {
        var faces = new List<FaceSeen>();
        _detector.Detect(frame, faces);
        return faces;
    }

    public void Dispose()
    {
        _detector.Dispose();
        _encoder.Dispose();
        Array.ForEach(_liveness, check => check.Dispose());
    }

    private void Add(Frame frame, List<Probe> probes, string source, Func<float, string?> personAt)
    {
        foreach (FaceSeen face in Faces(frame))
        {
            FaceQuality quality = FaceQuality.Of(face, frame.Width, frame.Height);
            FaceTemplate vector = FaceTemplate.Of(_encoder.Encode(frame, face.Points));
            quality = quality with { Sharpness = _encoder.Sharpness };
            if (quality.FaultOf(new FacesConfig().MinSizePx) == FaceFault.None)
            {
                string? person = personAt(face.Box.Centre.X);
                probes.Add(new Probe($"{source} {person}", person, vector, quality.Worth, LivenessOf(frame, face)));
            }
        }
    }

    /// <summary>By place in the picture; video/truth.json names the woman and the man of the head-pose clips.</summary>
    private static string? PersonOf(string clip, float x) => clip switch
    {
        Clip + "female" => "woman",
        Clip + "male" => "man",
        Clip + "female-and-male" => x < 0.44f ? "woman" : "man",
        // The truth is not certain whether the woman on the left is the woman of the other clips.
        "preview-face-demographics-walking-and-pause" => x < 0.58f ? null : "somebody right in " + clip,
        _ => (x < 0.5f ? "somebody left in " : "somebody right in ") + clip,
    };
}
