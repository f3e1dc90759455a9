using EdgeAgent.Simulators.Scenes;
using EdgeAgent.SyntheticModels.Learning;

namespace EdgeAgent.SyntheticModels.People;

/// <summary>Teaches the detector a scene: a few of its frames, spoilt as cameras and codecs do it.</summary>
internal sealed class PeopleTraining
{
    private const int FramesPerScene = 2;

    private readonly Network _network;
    private readonly Pass _pass;
    private readonly PeopleLoss _loss = new();
    private readonly byte[] _bgr = new byte[StoreScene.FrameBytes];
    private readonly float[] _input = new float[3 * PeopleModel.InputWidth * PeopleModel.InputHeight];
    private readonly float[] _scratch = new float[3 * PeopleModel.InputWidth * PeopleModel.InputHeight];
    private readonly float[] _outputGradient;

    private PeopleTraining(Network network)
    {
        _network = network;
        _pass = new Pass(network);
        _outputGradient = new float[network.Layers[^1].OutChannels * network.Layers[^1].Columns];
    }

    public static Network Train(int seed, int steps, int threads, TextWriter log)
    {
        Network network = PeopleModel.Create(new Dice((ulong)seed));
        TrainingLoop.Run("people", network, () => new PeopleTraining(network).Learn, seed, steps, 0.0015f, threads, log);
        return network;
    }

    private Lesson Learn(int sceneSeed, float[] gradient)
    {
        float loss = 0;
        var dice = new Dice((ulong)sceneSeed ^ 0xA06UL);
        StoreScene scene = StoreScene.Random(sceneSeed);
        for (int i = 0; i < FramesPerScene; i++)
        {
            int frame = dice.Pick(scene.FrameCount);
            scene.Render(frame, _bgr);
            IReadOnlyList<SeenFigure> seen = scene.Seen(frame);
            PeoplePicture.Load(_bgr, _input);
            PeoplePicture.Spoil(_input, _scratch, dice);
            _pass.Forward(_input);
            loss += _loss.Measure(_pass.Output, _network.Layers[^1].Columns, seen, _outputGradient);
            _pass.Backward(_outputGradient, gradient);
        }
        return new Lesson(loss, FramesPerScene);
    }
}
