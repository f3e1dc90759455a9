using EdgeAgent.Simulators.Scenes;
using EdgeAgent.SyntheticModels.Learning;

namespace EdgeAgent.SyntheticModels.Appearance;

/// <summary>Teaches the embedder a scene: several frames of the same people, cut out as a detector would.</summary>
internal sealed class AppearanceTraining
{
    public const int FramesPerScene = 5;
    public const int MostPeople = 8;

    /// <summary>Cuts of people who are hidden more than this, or smaller, are not used.</summary>
    private const float LeastShare = 0.6f;

    private readonly Network _network;
    private readonly Pass _pass;
    private readonly byte[] _bgr = new byte[StoreScene.FrameBytes];
    private readonly float[] _outputGradient;

    private AppearanceTraining(Network network)
    {
        _network = network;
        _pass = new Pass(network);
        _outputGradient = new float[network.Layers[^1].OutChannels * network.Layers[^1].Columns];
    }

    public static Network Train(int seed, int steps, int threads, TextWriter log)
    {
        Network network = AppearanceModel.Create(new Dice((ulong)seed));
        TrainingLoop.Run("appearance", network, () => new AppearanceTraining(network).Learn, seed, steps, 0.002f, threads, log);
        return network;
    }

    /// <summary>The cuts of a scene in <see cref="FramesPerScene"/> frames drawn by lot.</summary>
    public static List<(int Person, float[] Input)> Cuts(StoreScene scene, Dice dice, byte[] bgr, bool spoilt)
    {
        var cuts = new List<(int, float[])>();
        for (int i = 0; i < FramesPerScene; i++)
        {
            int frame = dice.Pick(scene.FrameCount);
            scene.Render(frame, bgr);
            foreach (SeenFigure figure in scene.Seen(frame))
            {
                if (figure.VisibleShare >= LeastShare && figure.Box.Width * StoreScene.Width >= 20 && figure.Box.Height * StoreScene.Height >= 48)
                {
                    float[] input = new float[3 * AppearanceModel.InputWidth * AppearanceModel.InputHeight];
                    PersonCrop.Load(bgr, PersonCrop.Shaken(figure.Box, 0.08f, dice), input);
                    if (spoilt)
                    {
                        Spoil(input, dice);
                    }
                    cuts.Add((figure.Actor, input));
                }
            }
        }
        return cuts;
    }

    private Lesson Learn(int sceneSeed, float[] gradient)
    {
        var dice = new Dice((ulong)sceneSeed ^ 0xA55UL);
        List<(int Person, float[] Input)> cuts = Cuts(StoreScene.Random(sceneSeed, mostPeople: MostPeople), dice, _bgr, spoilt: true);
        var units = new List<float[]>();
        var lengths = new List<float>();
        foreach ((_, float[] input) in cuts)
        {
            _pass.Forward(input);
            (float[] unit, float length) = Unit(_pass.Output, _network.Layers[^1].Columns);
            units.Add(unit);
            lengths.Add(length);
        }
        float[][] byUnit = [.. units.Select(unit => new float[unit.Length])];
        float loss = ContrastLoss.Measure(units, [.. cuts.Select(cut => cut.Person)], byUnit);
        for (int i = 0; i < cuts.Count; i++)
        {
            // The pass remembers one picture: go forward again, then back. d(e/|e|) keeps only what is across the vector.
            _pass.Forward(cuts[i].Input);
            float along = ContrastLoss.Dot(byUnit[i], units[i]);
            for (int d = 0; d < AppearanceModel.Length; d++)
            {
                _outputGradient[d * _network.Layers[^1].Columns] = (byUnit[i][d] - (along * units[i][d])) / lengths[i];
            }
            _pass.Backward(_outputGradient, gradient);
        }
        return new Lesson(loss, cuts.Count);
    }

    private static (float[] Unit, float Length) Unit(float[] output, int columns)
    {
        float[] unit = new float[AppearanceModel.Length];
        for (int d = 0; d < unit.Length; d++)
        {
            unit[d] = output[d * columns];
        }
        float length = MathF.Sqrt(ContrastLoss.Dot(unit, unit)) + 1e-6f;
        for (int d = 0; d < unit.Length; d++)
        {
            unit[d] /= length;
        }
        return (unit, length);
    }

    /// <summary>Other light and grain in every cut: neither tells people apart.</summary>
    private static void Spoil(float[] input, Dice dice)
    {
        float gain = dice.Between(0.85f, 1.15f);
        float grain = dice.Between(0, 8) * AppearanceModel.Scale;
        float shift = dice.Between(-10, 10) * AppearanceModel.Scale;
        foreach (ref float value in input.AsSpan())
        {
            value = (value * gain) + shift + ((dice.Unit() - 0.5f) * grain);
        }
    }
}
