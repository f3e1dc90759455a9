using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Cameras;
using EdgeAgent.Vision.Models;
using EdgeAgent.Vision.Trials;

namespace EdgeAgent.Vision.Tests;

/// <summary>Two models beside each other on the same pictures: figures, exchange, going back.</summary>
public class ModelTrialTests
{
    private static readonly TimeSpan s_any = TimeSpan.FromMilliseconds(1);

    [Fact]
    public void Boxes_agree_when_they_cover_the_same_person_and_each_counts_once()
    {
        using var trial = Always();
        Assert.Null(trial.Figures.Agreement);
        trial.AddBoxes([], [], s_any, s_any);
        Assert.Null(trial.Figures.Agreement);
        trial.AddBoxes([new Box(0, 0, 0.2f, 0.4f)], [new Box(0.02f, 0, 0.2f, 0.4f), new Box(0.01f, 0, 0.2f, 0.4f)], s_any, 3 * s_any);

        // One person seen by both, one more seen by the candidate alone.
        Assert.Equal(2.0 / 3, trial.Figures.Agreement!.Value, 6);
        Assert.Equal((2, 1, 2), (trial.Figures.Pictures, trial.Figures.PeopleInUse, trial.Figures.PeopleBeside));
        Assert.Equal(2, trial.Figures.BesideToInUse);
    }

    [Fact]
    public void Vectors_of_another_space_agree_when_they_say_the_same_about_who_looks_like_whom()
    {
        using var same = Always();
        using var other = Always();
        for (int person = 0; person < 40; person++)
        {
            float angle = person * 0.7f;
            float[] looks = [MathF.Cos(angle), MathF.Sin(angle)];
            same.AddVectors(looks, [0, -3 * looks[1], 3 * looks[0]]);
            other.AddVectors(looks, [MathF.Cos(angle * angle), MathF.Sin(angle * angle)]);
        }
        Assert.Equal(1, same.Figures.Agreement!.Value, 3);
        Assert.True(other.Figures.Agreement < 0.5);
        Assert.Equal(40, same.Figures.Vectors);
    }

    [SharedFact]
    public void On_a_recorded_clip_a_copy_agrees_wholly_a_brother_in_part_and_a_strict_one_hardly()
    {
        ModelCatalog catalog = Shared.Catalog();
        ModelEntry own = catalog.Find("yolox-nano-416", "people");
        double copy = AgreementWith(own)!.Value;
        double brother = AgreementWith(catalog.Find("person-light-192", "people"))!.Value;
        double strict = AgreementWith(own with { Post = ((PostSpec.Yolox)own.Post) with { Threshold = 0.95f } }) ?? 0;

        Assert.Equal(1, copy);
        Assert.InRange(brother, 0.3, 0.99);
        Assert.True(strict < 0.5, $"strict {strict}");
    }

    [SharedFact]
    public void A_model_on_probation_is_in_use_until_it_is_given_up_and_one_of_another_role_never()
    {
        using FrameAnalyzer analyzer = Open();
        ModelEntry own = Shared.Catalog().Find("yolox-nano-416", "people");
        using var trial = Always();
        analyzer.Use(own with { Name = "next" }, Shared.Models, s_models, trial);
        Assert.Equal("next", analyzer.InUse("people")!.Name);

        analyzer.EndTrial(goBack: true);

        Assert.Equal("yolox-nano-416", analyzer.InUse("people")!.Name);
        Assert.Equal(1, trial.Figures.Failures);
        Assert.Throws<ModelException>(() => analyzer.Use(own with { Role = "faces" }, Shared.Models, s_models, null));
        Assert.Equal("yolox-nano-416", analyzer.InUse("people")!.Name);
    }

    private static readonly ModelsConfig s_models = new(People: "yolox-nano-416", Threads: 1);

    private static ModelTrial Always() => new(1, static () => true);

    private static FrameAnalyzer Open() => FrameAnalyzer.Open("door", s_models, Shared.Catalog(), Shared.Models);

    private static double? AgreementWith(ModelEntry candidate)
    {
        using FrameAnalyzer analyzer = Open();
        using var trial = Always();
        analyzer.Try(candidate, Shared.Models, s_models, trial);
        var camera = new RecordedCamera(Shared.Camera("clip:" + Shared.OneByOne, fps: 2), analyzer, TimeProvider.System);
        Assert.Equal(60, camera.Read(DateTimeOffset.UnixEpoch).Take(60).Count());
        return trial.Figures.Agreement;
    }
}
