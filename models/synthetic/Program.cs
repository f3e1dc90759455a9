using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using EdgeAgent.Simulators.Scenes;
using EdgeAgent.SyntheticModels.Appearance;
using EdgeAgent.SyntheticModels.Learning;
using EdgeAgent.SyntheticModels.Onnx;
using EdgeAgent.SyntheticModels.People;

// make [FOLDER]    trains both models and writes them; the same bytes every time on the same type of machine (make-people, make-appearance: one)
// verify [FOLDER]  measures the models that are there; exit code 1 when they are worse than the model card says
const int Seed = 1;
const int PeopleSteps = 8000;
const int AppearanceSteps = 2000;

string command = args.Length > 0 ? args[0] : "verify";
string folder = args.Length > 1 ? args[1] : Path.Combine("models", "synthetic");
string peopleFile = Path.Combine(folder, "synthetic-people.onnx");
string appearanceFile = Path.Combine(folder, "synthetic-appearance.onnx");
TextWriter log = Console.Out;
int threads = Environment.ProcessorCount;

if (command is not ("make" or "make-people" or "make-appearance" or "verify"))
{
    await Console.Error.WriteLineAsync("Say make, make-people, make-appearance or verify, and the folder of the models if it is not models/synthetic.");
    return 2;
}
if (command is "make" or "make-people")
{
    long start = Stopwatch.GetTimestamp();
    Network network = PeopleTraining.Train(Seed, PeopleSteps, threads, log);
    byte[] model = PeopleModel.ToOnnx(network);
    await File.WriteAllBytesAsync(peopleFile, model);
    Written(peopleFile, model, start);
    SamePeople(network, model);
}
if (command is "make" or "make-appearance")
{
    long start = Stopwatch.GetTimestamp();
    Network network = AppearanceTraining.Train(Seed, AppearanceSteps, threads, log);
    byte[] model = AppearanceModel.ToOnnx(network);
    await File.WriteAllBytesAsync(appearanceFile, model);
    Written(appearanceFile, model, start);
    SameAppearance(network, model);
}

bool good = true;
if (command != "make-appearance")
{
    using var people = new OnnxCheck(await File.ReadAllBytesAsync(peopleFile));
    var evaluation = new PeopleEvaluation(people, log);
    PeopleScore plain = evaluation.HeldOutScenes(200, spoilt: false);
    PeopleScore spoilt = evaluation.HeldOutScenes(200, spoilt: true);
    PeopleScore demo = await evaluation.DemoClipAsync();
    good &= plain.Recall >= 0.92f && plain.Precision >= 0.975f && demo.Recall >= 0.95f && demo.Precision >= 0.975f && spoilt.Recall >= 0.92f;
}
if (command != "make-people")
{
    using var appearance = new OnnxCheck(await File.ReadAllBytesAsync(appearanceFile));
    good &= AppearanceEvaluation.HeldOutScenes(appearance, 100, log) >= 0.97f;
    good &= await AppearanceEvaluation.DemoClipAsync(appearance, log) >= 0.98f;
}
log.WriteLine(good ? "The figures are as good as the model card says." : "Some figure is worse than the model card says.");
return good ? 0 : 1;

void Written(string file, byte[] model, long start) => log.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"{Path.GetFileName(file)}: {model.Length} bytes, sha256 {Convert.ToHexStringLower(SHA256.HashData(model))}, " +
    $"{Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s on {threads} threads"));

// The written file must compute what the trained network computes.
void SamePeople(Network network, byte[] model)
{
    using var onnx = new OnnxCheck(model);
    var pass = new Pass(network);
    var dice = new Dice(99);
    float[] pixels = new float[3 * PeopleModel.InputWidth * PeopleModel.InputHeight];
    foreach (ref float pixel in pixels.AsSpan())
    {
        pixel = dice.Pick(256);
    }
    pass.Forward([.. pixels.Select(pixel => (pixel - PeopleModel.Mean) * PeopleModel.Scale)]);
    int columns = network.Layers[^1].Columns;
    float[] expected = new float[PeopleModel.Cells * 6];
    for (int cell = 0; cell < PeopleModel.Cells; cell++)
    {
        for (int row = 0; row < 4; row++)
        {
            expected[(cell * 6) + row] = pass.Output[(row * columns) + cell];
        }
        expected[(cell * 6) + 4] = 1 / (1 + MathF.Exp(-pass.Output[(4 * columns) + cell]));
        expected[(cell * 6) + 5] = 1;
    }
    Difference(OnnxCheck.LargestDifference(expected, onnx.Run(pixels)));
}

void SameAppearance(Network network, byte[] model)
{
    using var onnx = new OnnxCheck(model);
    var pass = new Pass(network);
    var dice = new Dice(99);
    float[] pixels = new float[3 * AppearanceModel.InputWidth * AppearanceModel.InputHeight];
    foreach (ref float pixel in pixels.AsSpan())
    {
        pixel = dice.Pick(256);
    }
    pass.Forward([.. pixels.Select(pixel => (pixel - AppearanceModel.Mean) * AppearanceModel.Scale)]);
    float[] unit = [.. Enumerable.Range(0, AppearanceModel.Length).Select(d => pass.Output[d * network.Layers[^1].Columns])];
    float length = MathF.Sqrt(ContrastLoss.Dot(unit, unit));
    Difference(OnnxCheck.LargestDifference([.. unit.Select(value => value / length)], onnx.Run(pixels)));
}

void Difference(float largest) => log.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"largest difference between the written model in ONNX Runtime and the trained network: {largest:E1}"));
