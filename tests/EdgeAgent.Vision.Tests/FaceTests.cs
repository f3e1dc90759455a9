using System.Text.Json;
using EdgeAgent.Core;
using EdgeAgent.Vision.Faces;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Vision.Tests;

public class FaceTests
{
    [SharedFact]
    public void Marked_faces_are_found_and_one_person_resembles_herself_more_than_others()
    {
        ModelCatalog catalog = Shared.Catalog();
        using var detector = new FaceDetector(OnnxModel.Open(catalog.Find("yunet-n-320", "faces"), Shared.Models, 2));
        using var encoder = new FaceEncoder(OnnxModel.Open(catalog.Find("face-omz0095", "face-vector"), Shared.Models, 2));
        using JsonDocument truth = JsonDocument.Parse(File.ReadAllBytes(Shared.Fixture("faces/compreface/truth.json")));
        int marked = 0, found = 0, invented = 0;
        var vectors = new List<(string Person, Appearance Vector)>();
        foreach (JsonElement image in truth.RootElement.GetProperty("images").EnumerateArray())
        {
            using Frame frame = Pictures.Load(Shared.Fixture("faces/compreface/" + image.GetProperty("image").GetString()));
            var faces = new List<FaceSeen>();
            detector.Detect(frame, faces);
            // A sideways picture is not what the model was made for.
            if (image.GetProperty("exif_rotated").GetBoolean())
            {
                continue;
            }
            var free = new List<FaceSeen>(faces);
            foreach (JsonElement nose in image.GetProperty("noses_px").EnumerateArray())
            {
                marked++;
                float x = nose[0].GetSingle() / frame.Width, y = nose[1].GetSingle() / frame.Height;
                int hit = free.FindIndex(face => x >= face.Box.X && x <= face.Box.Right && y >= face.Box.Y && y <= face.Box.Bottom);
                if (hit < 0)
                {
                    continue;
                }
                found++;
                FaceSeen seen = free[hit];
                free.RemoveAt(hit);
                // The detector's own nose lies near the marked one, within a third of the face; most are far closer, profiles are not.
                float sideways = Math.Abs(seen.Points.Nose.X - x) / seen.Box.Width, down = Math.Abs(seen.Points.Nose.Y - y) / seen.Box.Height;
                Assert.True(sideways < 0.33f && down < 0.33f, $"{image.GetProperty("image")}: the nose is off by {sideways:0.00}, {down:0.00}.");
                if (image.GetProperty("person").GetString() is string person)
                {
                    vectors.Add((person, new Appearance(encoder.Encode(frame, seen.Points))));
                }
            }
            invented += free.Count;
        }
        Assert.True(found >= 0.9 * marked, $"{found} of {marked} marked faces were found.");
        Assert.True(invented <= 1, $"{invented} faces were found where none is marked.");

        double same = Mean(vectors, equal: true), different = Mean(vectors, equal: false);
        Assert.True(same > different + 0.3, $"The same person {same:0.00}, different people {different:0.00}.");
    }

    private static double Mean(List<(string Person, Appearance Vector)> vectors, bool equal)
    {
        var values = new List<float>();
        for (int i = 0; i < vectors.Count; i++)
        {
            for (int k = i + 1; k < vectors.Count; k++)
            {
                if (vectors[i].Person == vectors[k].Person == equal)
                {
                    values.Add(vectors[i].Vector.Similarity(vectors[k].Vector));
                }
            }
        }
        return values.Average();
    }
}
