using System.Globalization;
using EdgeAgent.Simulators.Scenes;
using EdgeAgent.SyntheticModels.Onnx;

namespace EdgeAgent.SyntheticModels.Appearance;

/// <summary>Measures a written embedder in ONNX Runtime: pairs of cuts of the same person against pairs of different people of the same scene.</summary>
internal static class AppearanceEvaluation
{
    private const int HeldOut = 950_000_000;

    /// <summary>Chance that a pair of the same person is more alike than a pair of different people.</summary>
    public static float HeldOutScenes(OnnxCheck model, int scenes, TextWriter log)
    {
        byte[] bgr = new byte[StoreScene.FrameBytes];
        var same = new List<float>();
        var different = new List<float>();
        for (int i = 0; i < scenes; i++)
        {
            StoreScene scene = StoreScene.Random(HeldOut + i, mostPeople: AppearanceTraining.MostPeople);
            Collect(model, AppearanceTraining.Cuts(scene, new Dice((ulong)i), bgr, spoilt: false), same, different);
        }
        return Report("held-out scenes", same, different, log);
    }

    /// <summary>The seven people of the demonstration, after H.264.</summary>
    public static async Task<float> DemoClipAsync(OnnxCheck model, TextWriter log)
    {
        StoreScene scene = StoreScene.Demo();
        string path = Path.Combine(Path.GetTempPath(), $"edge-agent-demo-{Environment.ProcessId}.mp4");
        var cuts = new List<(int, float[])>();
        try
        {
            await scene.WriteClipAsync(path);
            await ClipReader.ReadAsync(path, (frame, bgr) =>
            {
                foreach (SeenFigure figure in frame % 8 == 0 ? scene.Seen(frame) : [])
                {
                    if (figure.VisibleShare > 0.6f && figure.Box.Width * StoreScene.Width >= 20 && figure.Box.Height * StoreScene.Height >= 48)
                    {
                        float[] input = new float[3 * AppearanceModel.InputWidth * AppearanceModel.InputHeight];
                        PersonCrop.Load(bgr, figure.Box, input);
                        cuts.Add((figure.Actor, input));
                    }
                }
            });
        }
        finally
        {
            File.Delete(path);
        }
        var same = new List<float>();
        var different = new List<float>();
        Collect(model, cuts, same, different);
        return Report("demo clip after H.264", same, different, log);
    }

    private static void Collect(OnnxCheck model, List<(int Person, float[] Input)> cuts, List<float> same, List<float> different)
    {
        List<float[]> vectors = [.. cuts.Select(cut => model.Run(Pixels(cut.Input)))];
        for (int a = 0; a < cuts.Count; a++)
        {
            for (int b = 0; b < a; b++)
            {
                (cuts[a].Person == cuts[b].Person ? same : different).Add(ContrastLoss.Dot(vectors[a], vectors[b]));
            }
        }
    }

    /// <summary>Back to pixel values: the model does its own normalisation.</summary>
    public static float[] Pixels(float[] input) => [.. input.Select(value => (value / AppearanceModel.Scale) + AppearanceModel.Mean)];

    private static float Report(string what, List<float> same, List<float> different, TextWriter log)
    {
        same.Sort();
        different.Sort();
        double below = 0;
        foreach (float value in same)
        {
            int at = different.BinarySearch(value);
            below += at < 0 ? ~at : at;
        }
        float auc = (float)(below / ((double)same.Count * different.Count));
        log.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}: {same.Count} pairs of the same person, cosine median {same[same.Count / 2]:F3}, {same.Count(v => v > 0.8f) * 100f / same.Count:F1} % above 0.8; " +
            $"{different.Count} pairs of different people, median {different[different.Count / 2]:F3}, " +
            $"{different.Count(v => v > 0.8f) * 100f / different.Count:F1} % above 0.8; AUC {auc:F4}"));
        return auc;
    }
}
