using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Members;
using EdgeAgent.Vision.Cameras;
using EdgeAgent.Vision.Faces;
using EdgeAgent.Vision.Imaging;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Vision.Tests;

public class MemberRecognitionTests(FaceModelsFixture models) : IClassFixture<FaceModelsFixture>
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    private static readonly Point[] s_everywhere = [new(0, 0), new(1, 0), new(1, 1), new(0, 1)];
    private static readonly Point[] s_leftHalf = [new(0, 0), new(0.45f, 0), new(0.45f, 1), new(0, 1)];

    [SharedFact]
    public void The_woman_and_the_man_are_recognised_in_another_clip_and_every_vector_is_zeroed()
    {
        using FrameAnalyzer analyzer = Analyzer(s_everywhere);
        analyzer.KnowMembers(models.WomanAndMan());
        HashSet<string> seen = Play(analyzer, "female-and-male");

        Assert.Equal(["man", "woman"], seen.Order(StringComparer.Ordinal));
        FaceCounts counts = analyzer.FaceCounts!.Value;
        Assert.Equal(2, counts.Matched);
        Assert.True(counts.Seen >= counts.Embedded && counts.Embedded > 0, $"{counts}");
        Assert.Equal(counts.Embedded, counts.Wiped);
    }

    [SharedFact]
    public void Only_who_stands_in_the_armed_zone_is_recognised()
    {
        using FrameAnalyzer analyzer = Analyzer(s_leftHalf);
        analyzer.KnowMembers(models.WomanAndMan());

        Assert.Equal(["woman"], Play(analyzer, "female-and-male"));
    }

    [SharedFact]
    public void Without_a_gesture_without_opt_in_and_without_members_no_face_is_looked_at()
    {
        using (FrameAnalyzer unarmed = Analyzer(s_everywhere))
        {
            unarmed.KnowMembers(models.WomanAndMan());
            Assert.Empty(Play(unarmed, "female", arm: false));
            Assert.Equal(default, unarmed.FaceCounts!.Value);
        }
        using (FrameAnalyzer noOptIn = Analyzer(s_everywhere, optIn: false))
        {
            noOptIn.KnowMembers(models.WomanAndMan());
            Assert.Empty(Play(noOptIn, "female"));
            Assert.Equal(default, noOptIn.FaceCounts!.Value);
        }
        using FrameAnalyzer noMembers = Analyzer(s_everywhere);
        Assert.Empty(Play(noMembers, "female"));
        Assert.Equal(default, noMembers.FaceCounts!.Value);
    }

    [SharedFact]
    public void A_consent_that_has_ended_recognises_nobody()
    {
        using FrameAnalyzer analyzer = Analyzer(s_everywhere);
        EnrolledMember woman = models.WomanAndMan()[0];
        analyzer.KnowMembers([woman with { Until = s_start.AddSeconds(-1) }]);

        Assert.Empty(Play(analyzer, "female"));
        Assert.True(woman.Face.IsWiped);
    }

    [SharedFact]
    public void Strangers_are_rejected_and_nothing_of_them_is_left()
    {
        using FrameAnalyzer analyzer = Analyzer(s_everywhere);
        analyzer.KnowMembers(
        [
            .. models.WomanAndMan(), models.Enrol("b", FaceModelsFixture.Photo("007_B.jpg")), models.Enrol("c", FaceModelsFixture.Photo("009_C.jpg")),
        ]);
        // Person A and the groups, each after a gesture of its own and held before the camera as long as it takes to give up.
        int gestures = 0;
        foreach (string photo in new[] { "001_A.jpg", "003_A.jpg", "000_5.jpg", "011_3.jpg", "013_4.jpg" })
        {
            analyzer.ArmFaces("desk", s_start.AddHours(1 + gestures++));
            using Frame picture = PictureFile.Read(FaceModelsFixture.Photo(photo), new FramePool());
            for (int i = 0; i < 16; i++)
            {
                Show(analyzer, picture, s_start.AddSeconds(i / 10.0));
                Assert.Empty(analyzer.Members);
            }
        }
        FaceCounts counts = analyzer.FaceCounts!.Value;
        Assert.True(counts.Embedded > 70, $"{counts}");
        Assert.Equal((0, counts.Embedded), (counts.Matched, counts.Wiped));
    }

    [SharedFact]
    public void A_vector_that_matches_nobody_is_zero_at_once_and_so_is_the_models_memory()
    {
        using var detector = new FaceDetector(OnnxModel.Open(Shared.Catalog().Find("yunet-n-320", "faces"), Shared.Models, 2));
        using var encoder = new FaceEncoder(OnnxModel.Open(Shared.Catalog().Find("face-omz0095", "face-vector"), Shared.Models, 2));
        using Frame frame = PictureFile.Read(FaceModelsFixture.Photo("001_A.jpg"), new FramePool());
        var faces = new List<FaceSeen>();
        detector.Detect(frame, faces);
        FaceTemplate face = FaceTemplate.Of(encoder.Encode(frame, faces[0].Points));
        Assert.False(face.IsWiped || encoder.IsWiped);
        encoder.Wipe();
        Assert.True(encoder.IsWiped);

        long wiped = 0;
        var gallery = new MemberGallery([models.Enrol("c", FaceModelsFixture.Photo("009_C.jpg"))]);
        FaceMatch? match = new FaceShots(faces[0].Box, "desk", s_start).Add(face, 1, gallery, new FaceRules(0.38f, 0.05f, 5), ref wiped);

        Assert.Equal((FaceVerdict.Nobody, 1L, true), (match!.Value.Verdict, wiped, face.IsWiped));
    }

    [Fact]
    public void Shots_of_a_member_are_zeroed_with_the_answer()
    {
        FaceTemplate[] shots = [.. Enumerable.Range(0, 3).Select(_ => Canary(0))];
        long wiped = 0;
        var person = new FaceShots(default, "desk", s_start);
        var gallery = new MemberGallery([new EnrolledMember(new MemberRef("m-1"), DateTimeOffset.MaxValue, Canary(0)), new EnrolledMember(new MemberRef("m-2"), DateTimeOffset.MaxValue, Canary(30))]);
        FaceMatch? match = null;
        foreach (FaceTemplate shot in shots)
        {
            Assert.Null(match);
            match = person.Add(shot, 1, gallery, new FaceRules(0.4f, 0.1f, 3), ref wiped);
        }

        Assert.Equal((FaceVerdict.Member, "m-1", 3L, 0), (match!.Value.Verdict, match.Value.Member.Value, wiped, person.Held));
        Assert.True(person.Closed);
        Assert.All(shots, shot => Assert.True(shot.IsWiped));
    }

    [Fact]
    public void Two_members_who_are_too_alike_are_both_not_named()
    {
        var gallery = new MemberGallery([new EnrolledMember(new MemberRef("m-1"), DateTimeOffset.MaxValue, Canary(0)), new EnrolledMember(new MemberRef("m-2"), DateTimeOffset.MaxValue, Canary(1))]);

        Assert.Equal(FaceVerdict.Ambiguous, gallery.Decide(Canary(0), 0.4f, 0.2f).Verdict);
        Assert.Equal(FaceVerdict.Member, gallery.Decide(Canary(0), 0.4f, 0.0001f).Verdict);
        Assert.Equal(FaceVerdict.Nobody, gallery.Decide(Canary(30), 0.4f, 0).Verdict);
    }

    [Fact]
    public void A_stranger_has_no_more_than_three_answers_after_one_gesture()
    {
        var person = new FaceShots(default, "desk", s_start);
        var gallery = new MemberGallery([new EnrolledMember(new MemberRef("m-1"), DateTimeOffset.MaxValue, Canary(0))]);
        long wiped = 0;
        int shots = 0;
        while (!person.Closed)
        {
            person.Add(Canary(30), 1, gallery, new FaceRules(0.4f, 0.05f, 4), ref wiped);
            shots++;
        }

        Assert.Equal((12, 12L), (shots, wiped));
    }

    [Fact]
    public void A_new_gesture_tries_again_whoever_was_turned_away_but_not_whoever_was_recognised()
    {
        var rules = new FaceRules(0.4f, 0.05f, 1);
        var gallery = new MemberGallery([new EnrolledMember(new MemberRef("m-1"), DateTimeOffset.MaxValue, Canary(0))]);
        FaceShots stranger = new(default, "desk", s_start), member = new(default, "desk", s_start);
        long wiped = 0;
        for (int i = 0; i < 3; i++)
        {
            stranger.Add(Canary(30), 1, gallery, rules, ref wiped);
        }
        member.Add(Canary(0), 1, gallery, rules, ref wiped);
        Assert.True(stranger.Closed && member.Closed);

        stranger.TryAnew();
        member.TryAnew();

        Assert.Equal((false, true), (stranger.Closed, member.Closed));
    }

    [SharedFact]
    public void A_stranger_who_steps_aside_again_and_again_has_six_answers_after_one_gesture_and_more_after_the_next()
    {
        using FrameAnalyzer analyzer = Analyzer(s_everywhere);
        analyzer.KnowMembers([models.Enrol("c", FaceModelsFixture.Photo("009_C.jpg"))]);
        analyzer.ArmFaces("desk", s_start.AddHours(1));
        using Frame picture = PictureFile.Read(FaceModelsFixture.Photo("001_A.jpg"), new FramePool());
        // Unseen for two seconds between any two pictures: each time the face counts as somebody new.
        for (int i = 0; i < 40; i++)
        {
            Show(analyzer, picture, s_start.AddSeconds(i * 2));
        }
        Assert.Equal(6 * new FacesConfig().Shots, analyzer.FaceCounts!.Value.Embedded);

        analyzer.ArmFaces("desk", s_start.AddHours(2));
        Show(analyzer, picture, s_start.AddSeconds(100));

        Assert.Equal((6 * new FacesConfig().Shots) + 1, analyzer.FaceCounts!.Value.Embedded);
    }

    [SharedFact]
    public void Shots_are_zeroed_when_the_gesture_is_over_though_no_picture_comes()
    {
        using FrameAnalyzer analyzer = HoldingTwoShots(models.Enrol("c", FaceModelsFixture.Photo("009_C.jpg")));

        analyzer.WipeExpiredFaces(s_start.AddSeconds(9));
        Assert.Equal(0, analyzer.FaceCounts!.Value.Wiped);
        analyzer.WipeExpiredFaces(s_start.AddSeconds(11));
        Assert.Equal(2, analyzer.FaceCounts!.Value.Wiped);
    }

    [SharedFact]
    public void An_erased_member_and_the_shots_held_are_zeroed_though_no_picture_comes()
    {
        EnrolledMember member = models.Enrol("c", FaceModelsFixture.Photo("009_C.jpg"));
        using FrameAnalyzer analyzer = HoldingTwoShots(member);
        Assert.False(member.Face.IsWiped);

        analyzer.KnowMembers([]);

        Assert.Equal((true, 2L), (member.Face.IsWiped, analyzer.FaceCounts!.Value.Wiped));
    }

    /// <summary>Armed for ten seconds, and two pictures of the member shown: too few for an answer.</summary>
    private static FrameAnalyzer HoldingTwoShots(EnrolledMember member)
    {
        FrameAnalyzer analyzer = Analyzer(s_everywhere);
        analyzer.KnowMembers([member]);
        analyzer.ArmFaces("desk", s_start.AddSeconds(10));
        using Frame picture = PictureFile.Read(FaceModelsFixture.Photo("009_C.jpg"), new FramePool());
        Show(analyzer, picture, s_start);
        Show(analyzer, picture, s_start.AddSeconds(0.2));
        Assert.Equal((2L, 0L), (analyzer.FaceCounts!.Value.Embedded, analyzer.FaceCounts!.Value.Wiped));
        return analyzer;
    }

    private static void Show(FrameAnalyzer analyzer, Frame picture, DateTimeOffset at)
    {
        Frame shown = new FramePool().Rent(picture.Width, picture.Height);
        picture.Pixels.CopyTo(shown.Pixels);
        analyzer.Analyze(shown, at);
    }

    /// <summary>A wave of 64 values; those a few steps apart resemble each other, those 30 apart do not.</summary>
    private static FaceTemplate Canary(int shift) => FaceTemplate.Of([.. Enumerable.Range(0, 64).Select(i => MathF.Exp(-MathF.Pow(((i - shift + 64) % 64) - 8, 2) / 20))]);

    private static FrameAnalyzer Analyzer(Point[] area, bool optIn = true) => FrameAnalyzer.Open(
        "cam", FaceModelsFixture.Models, Shared.Catalog(), Shared.Models,
        new FacesSetup(new FacesConfig(), [new ZoneConfig("desk", area, OptIn: optIn)], Shared.Models));

    /// <summary>Who was recognised in a head-pose clip, armed for all of it; afterwards a picture when the zone is armed no more.</summary>
    private static HashSet<string> Play(FrameAnalyzer analyzer, string clip, bool arm = true)
    {
        CameraConfig camera = Shared.Camera("clip:" + FaceModelsFixture.Clip(clip), fps: 12, width: 480);
        ShopInput.ConsentGiven[] gestures = arm ? [new(s_start, "desk", 30)] : [];
        var seen = new HashSet<string>();
        foreach (ShopInput input in new RecordedCamera(camera, analyzer, TimeProvider.System).Read(s_start, gestures))
        {
            if (input is ShopInput.MemberSeen member)
            {
                seen.Add(member.Member.Value);
            }
        }
        analyzer.Analyze(Pictures.Plain(new FramePool(), 64, 48, 128), s_start.AddSeconds(60));
        return seen;
    }
}
