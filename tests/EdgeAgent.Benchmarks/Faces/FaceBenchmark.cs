using System.Diagnostics;
using System.Globalization;
using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Vision;
using EdgeAgent.Vision.Cameras;
using EdgeAgent.Vision.Faces;
using EdgeAgent.Vision.Imaging;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Benchmarks.Faces;

/// <summary>
/// How many marked faces each detector finds at each threshold, how far members and strangers lie apart, and what the liveness models say of
/// the fixtures.
/// </summary>
internal static class FaceBenchmark
{
    private const int Shots = 5;
    private const float Margin = 0.08f;

    private static readonly float[] s_detection = [0.5f, 0.6f, 0.7f, 0.8f, 0.85f, 0.9f];
    private static readonly float[] s_recognition = [0.30f, 0.34f, 0.38f, 0.42f, 0.46f, 0.50f];

    public static Task<ResultTable> RunAsync()
    {
        if (Repository.Shared is not string shared)
        {
            return Task.FromResult(ResultTable.NotRun("the shared models and fixtures are neither in $EDGE_SHARED nor in ../shared."));
        }
        ModelCatalog catalog = ModelCatalog.Load(Path.Combine(Repository.Root, "models", "manifest.json"));
        var rows = new List<IReadOnlyList<string>>();
        Detect(shared, catalog, rows);
        using var measured = new FaceProbes(shared, catalog);
        List<Probe> probes = measured.Collect();
        List<string> notes = Recognise(probes, rows);
        Live(measured, probes, shared, rows);
        notes.Add("The liveness models were not tried on a real print or screen: none was at hand. The last row draws a picture small on a grey board, which is a flat picture but no re-capture: no paper, no screen, no second camera. What they stop is not known; treat them as a help, never as proof.");
        return Task.FromResult(new ResultTable(
            "Faces found in the fixtures; persons recognised and strangers refused; liveness.", ["measured", "right", "of", "wrong", "of", "ms"], rows, notes));
    }

    private static void Detect(string shared, ModelCatalog catalog, List<IReadOnlyList<string>> rows)
    {
        foreach (ModelEntry entry in catalog.Models.Where(m => m.Role == "faces" && File.Exists(Path.Combine(shared, "models", m.File))))
        {
            foreach (float threshold in s_detection)
            {
                using var detector = new FaceDetector(OnnxModel.Open(entry, Path.Combine(shared, "models"), 2), threshold);
                (int found, int marked, int extra, int pictures) = (0, 0, 0, 0);
                long ticks = 0;
                foreach ((string file, _, List<(float X, float Y)> noses) in FaceProbes.Truth(shared))
                {
                    using Frame frame = PictureFile.Read(file, new FramePool());
                    var faces = new List<FaceSeen>();
                    long start = Stopwatch.GetTimestamp();
                    detector.Detect(frame, faces);
                    ticks += Stopwatch.GetTimestamp() - start;
                    pictures++;
                    marked += noses.Count;
                    foreach ((float x, float y) in noses)
                    {
                        int hit = faces.FindIndex(f => x >= f.Box.X * frame.Width && x <= f.Box.Right * frame.Width && y >= f.Box.Y * frame.Height && y <= f.Box.Bottom * frame.Height);
                        found += hit >= 0 ? 1 : 0;
                        faces.RemoveAll(f => hit >= 0 && f == faces[hit]);
                    }
                    extra += faces.Count;
                }
                rows.Add([
                    FormattableString.Invariant($"faces: {entry.Name} from score {threshold:0.00}: found of those marked; wrong = found where none is marked, in all pictures"),
                    $"{found}", $"{marked}", $"{extra}", $"{pictures}", ResultTable.Number(ticks * 1000.0 / Stopwatch.Frequency / pictures)]);
            }
        }
    }

    /// <summary>Templates from some pictures of a person, answers from others, as a running agent forms them.</summary>
    private static List<string> Recognise(List<Probe> probes, List<IReadOnlyList<string>> rows)
    {
        (string Person, FaceTemplate Face)[] members =
        [
            ("a", Mean(probes, "A", p => p.Source[..3] is "001" or "002" or "003")), ("b", Mean(probes, "B", p => p.Source.StartsWith("007", StringComparison.Ordinal))),
            ("c", Mean(probes, "C", _ => true)), ("woman", Mean(probes, "woman", p => p.Source.Contains("-female ", StringComparison.Ordinal))),
            ("man", Mean(probes, "man", p => p.Source.Contains("-male ", StringComparison.Ordinal) && !p.Source.Contains("-and-male", StringComparison.Ordinal))),
        ];
        var genuine = new List<float>();
        var impostor = new List<float>();
        var answers = new List<(string Person, FaceTemplate Face)>();
        foreach ((string person, bool enrolled, FaceTemplate face) in Answers(probes))
        {
            foreach ((string member, FaceTemplate template) in members)
            {
                if (member != person)
                {
                    impostor.Add(template.Similarity(face));
                }
                else if (!enrolled)
                {
                    genuine.Add(template.Similarity(face));
                }
            }
            if (!enrolled)
            {
                answers.Add((person, face));
            }
        }
        foreach (float threshold in s_recognition)
        {
            rows.Add([
                FormattableString.Invariant($"recognition: one answer with one member at {threshold:0.00}: members accepted; wrong = strangers accepted"),
                $"{genuine.Count(s => s >= threshold)}", $"{genuine.Count}", $"{impostor.Count(s => s >= threshold)}", $"{impostor.Count}", ""]);
        }
        foreach (float threshold in s_recognition)
        {
            (int right, int members1, int wrong, int strangers) = (0, 0, 0, 0);
            var gallery = new MemberGallery([.. members.Select(m => new EnrolledMember(new(m.Person), DateTimeOffset.MaxValue, m.Face))]);
            foreach ((string person, FaceTemplate face) in answers)
            {
                FaceMatch match = gallery.Decide(face, threshold, Margin);
                bool known = members.Any(m => m.Person == person);
                (members1, strangers) = known ? (members1 + 1, strangers) : (members1, strangers + 1);
                bool named = match.Verdict == FaceVerdict.Member;
                right += named && match.Member.Value == person ? 1 : 0;
                wrong += named && match.Member.Value != person ? 1 : 0;
            }
            rows.Add([
                FormattableString.Invariant($"recognition: against all five members at {threshold:0.00} with margin {Margin:0.00}: named rightly; wrong = named wrongly, of {strangers} strangers and {members1} members"),
                $"{right}", $"{members1}", $"{wrong}", $"{strangers + members1}", ""]);
        }
        return
        [
            $"Resemblance (cosine) of the right member: {Spread(genuine)}; of any other: {Spread(impostor)}.",
            $"An answer is what a running agent forms: {Shots} good shots in a row of one clip, the better two thirds averaged; a photo is one shot. Members A (3 photos, tried on 3 others), B (1 and 1), C (1, as a stranger to the others), the woman and the man of the head-pose clips (tried on the clip with both). Answers of one clip resemble each other: the counts are not independent. The woman on the left of walking-and-pause is left out, for the truth does not say who she is.",
        ];
    }

    private static IEnumerable<(string Person, bool Enrolled, FaceTemplate Face)> Answers(List<Probe> probes)
    {
        foreach (IGrouping<string, Probe> one in probes.Where(p => p.Person is not null).GroupBy(p => p.Source))
        {
            bool clip = one.Key.StartsWith("preview", StringComparison.Ordinal);
            string person = one.First().Person is { Length: 1 } letter ? letter.ToLowerInvariant() : one.First().Person!;
            bool enrolled = one.Key[..3] is "001" or "002" or "003" or "007" or "009"
                || one.Key.Contains("detection-female ", StringComparison.Ordinal) || one.Key.Contains("detection-male ", StringComparison.Ordinal);
            foreach (Probe[] shots in one.Chunk(clip ? Shots : 1).Where(s => s.Length == (clip ? Shots : 1)))
            {
                yield return (person, enrolled, FaceTemplate.Mean([.. shots.OrderByDescending(s => s.Worth).Take(((shots.Length * 2) + 2) / 3).Select(s => s.Face)]));
            }
        }
    }

    private static void Live(FaceProbes measured, List<Probe> probes, string shared, List<IReadOnlyList<string>> rows)
    {
        string[] names = ["minifasnet-v2-27", "minifasnet-v1se-40"];
        for (int i = 0; i < names.Length; i++)
        {
            rows.Add([$"liveness: {names[i]} at 0.50: good faces of photos and clips called alive", $"{probes.Count(p => p.Liveness[i] >= 0.5f)}", $"{probes.Count}", "", "", ""]);
        }
        rows.Add(["liveness: the mean of both at 0.50: good faces of photos and clips called alive", $"{probes.Count(p => p.Liveness.Average() >= 0.5f)}", $"{probes.Count}", "", "", ""]);
        (int shown, int alive) = (0, 0);
        foreach ((string file, string? person, _) in FaceProbes.Truth(shared).Where(t => t.Person is not null))
        {
            using Frame board = OnBoard(file);
            foreach (FaceSeen face in measured.Faces(board).Take(1))
            {
                shown++;
                alive += measured.LivenessOf(board, face).Average() >= 0.5f ? 1 : 0;
            }
        }
        rows.Add(["liveness: the mean of both at 0.50: a photo drawn small on a grey board, not a real attack: wrong = called alive", $"{shown - alive}", $"{shown}", $"{alive}", $"{shown}", ""]);
    }

    /// <summary>The photo as a flat card, 300 px high, in a grey picture of 640 by 480.</summary>
    private static Frame OnBoard(string file)
    {
        using Frame photo = PictureFile.Read(file, new FramePool());
        Frame board = new FramePool().Rent(640, 480);
        board.Pixels.Fill(128);
        float scale = photo.Height / 300f;
        int width = Math.Min(600, (int)(photo.Width / scale));
        for (int y = 0; y < 300; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int from = (((int)(y * scale) * photo.Width) + (int)(x * scale)) * 3;
                photo.Pixels.Slice(from, 3).CopyTo(board.Pixels[((((y + 90) * 640) + x + ((640 - width) / 2)) * 3)..]);
            }
        }
        return board;
    }

    private static FaceTemplate Mean(List<Probe> probes, string person, Func<Probe, bool> which) =>
        FaceTemplate.Mean([.. probes.Where(p => p.Person == person && which(p)).Select(p => p.Face)]);

    private static string Spread(List<float> scores)
    {
        scores.Sort();
        float At(double part) => scores[(int)Math.Round(part * (scores.Count - 1))];
        return string.Create(CultureInfo.InvariantCulture, $"{scores.Count} answers, least {scores[0]:0.00}, 5 % {At(0.05):0.00}, median {At(0.5):0.00}, 95 % {At(0.95):0.00}, 99 % {At(0.99):0.00}, most {scores[^1]:0.00}");
    }
}
