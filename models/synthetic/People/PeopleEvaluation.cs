using System.Globalization;
using EdgeAgent.Core;
using EdgeAgent.Simulators.Scenes;
using EdgeAgent.SyntheticModels.Onnx;

namespace EdgeAgent.SyntheticModels.People;

/// <summary>Measures a written detector in ONNX Runtime: on held-out drawn scenes, and on the demonstration after H.264.</summary>
internal sealed class PeopleEvaluation(OnnxCheck model, TextWriter log)
{
    /// <summary>Far from the seeds of the training.</summary>
    private const int HeldOut = 900_000_000;

    private readonly float[] _input = new float[3 * PeopleModel.InputWidth * PeopleModel.InputHeight];

    public PeopleScore HeldOutScenes(int scenes, bool spoilt)
    {
        var score = new PeopleScore();
        byte[] bgr = new byte[StoreScene.FrameBytes];
        float[] scratch = new float[_input.Length];
        for (int i = 0; i < scenes; i++)
        {
            StoreScene scene = StoreScene.Random(HeldOut + i);
            var dice = new Dice((ulong)i);
            for (int frame = 12; frame < scene.FrameCount; frame += 25)
            {
                scene.Render(frame, bgr);
                PeoplePicture.Load(bgr, _input);
                if (spoilt)
                {
                    PeoplePicture.Spoil(_input, scratch, dice);
                }
                score.Add(scene.Seen(frame), Find());
            }
        }
        log.WriteLine(score.Line(spoilt ? "held-out scenes, blurred and grainy" : "held-out scenes"));
        return score;
    }

    /// <summary>Also says for every actor when they were first and last found, against the truth.</summary>
    public async Task<PeopleScore> DemoClipAsync()
    {
        StoreScene scene = StoreScene.Demo();
        string path = Path.Combine(Path.GetTempPath(), $"edge-agent-demo-{Environment.ProcessId}.mp4");
        var score = new PeopleScore();
        var first = new Dictionary<int, int>();
        var last = new Dictionary<int, int>();
        var missed = new Dictionary<int, int>();
        try
        {
            await scene.WriteClipAsync(path);
            await ClipReader.ReadAsync(path, (frame, bgr) =>
            {
                PeoplePicture.Load(bgr, _input);
                List<Found> found = Find();
                IReadOnlyList<SeenFigure> seen = scene.Seen(frame);
                score.Add(seen, found);
                foreach (SeenFigure figure in seen)
                {
                    Box box = PeoplePicture.Scaled(figure.Box);
                    if (found.Any(f => f.Box.Overlap(box) >= 0.3f))
                    {
                        first.TryAdd(figure.Actor, frame);
                        last[figure.Actor] = frame;
                    }
                    else
                    {
                        missed[figure.Actor] = missed.GetValueOrDefault(figure.Actor) + 1;
                    }
                }
            });
        }
        finally
        {
            File.Delete(path);
        }
        log.WriteLine(score.Line("demo clip after H.264"));
        for (int i = 0; i < scene.Actors.Count; i++)
        {
            ActorTruth truth = scene.Truth[i];
            log.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {truth.Actor}: in view {truth.FirstFrame}..{truth.LastFrame}, found {first.GetValueOrDefault(i, -1)}..{last.GetValueOrDefault(i, -1)}, " +
                $"missed in {missed.GetValueOrDefault(i)} frames"));
        }
        return score;
    }

    private List<Found> Find()
    {
        // Back to pixel values: the model does its own normalisation.
        float[] pixels = new float[_input.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (_input[i] / PeopleModel.Scale) + PeopleModel.Mean;
        }
        return PeopleModel.Decode(Turned(model.Run(pixels)));
    }

    /// <summary>[cells, 6] to [5, cells].</summary>
    private static float[] Turned(ReadOnlySpan<float> output)
    {
        float[] turned = new float[5 * PeopleModel.Cells];
        for (int cell = 0; cell < PeopleModel.Cells; cell++)
        {
            for (int row = 0; row < 5; row++)
            {
                turned[(row * PeopleModel.Cells) + cell] = output[(cell * 6) + row];
            }
        }
        return turned;
    }
}
