using System.Text.Json;
using EdgeAgent.Core;
using EdgeAgent.Vision.Faces;
using EdgeAgent.Vision.Imaging;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Vision.Tests;

public class FaceTests(FaceModelsFixture models) : IClassFixture<FaceModelsFixture>
{
    [SharedFact]
    public void Every_detector_finds_the_marked_faces_and_none_where_none_is_marked()
    {
        foreach (string name in new[] { "yunet-2023mar-640", "yunet-n-320", "yunet-n-640x384" })
        {
            using var detector = new FaceDetector(OnnxModel.Open(Shared.Catalog().Find(name, "faces"), Shared.Models, 2));
            (int marked, int found, int invented) = (0, 0, 0);
            using JsonDocument truth = JsonDocument.Parse(File.ReadAllBytes(Shared.Fixture("faces/compreface/truth.json")));
            foreach (JsonElement image in truth.RootElement.GetProperty("images").EnumerateArray())
            {
                using Frame frame = PictureFile.Read(FaceModelsFixture.Photo(image.GetProperty("image").GetString()!), new FramePool());
                var faces = new List<FaceSeen>();
                detector.Detect(frame, faces);
                foreach (JsonElement nose in image.GetProperty("noses_px").EnumerateArray())
                {
                    marked++;
                    float x = nose[0].GetSingle() / frame.Width, y = nose[1].GetSingle() / frame.Height;
                    int hit = faces.FindIndex(face => x >= face.Box.X && x <= face.Box.Right && y >= face.Box.Y && y <= face.Box.Bottom);
                    if (hit >= 0)
                    {
                        found++;
                        faces.RemoveAt(hit);
                    }
                }
                invented += faces.Count;
            }
            Assert.Equal(46, marked);
            Assert.True(found >= 0.95 * marked, $"{name}: {found} of {marked} marked faces were found.");
            Assert.True(invented == 0, $"{name}: {invented} faces were found where none is marked.");
        }
    }

    [SharedFact]
    public void A_picture_lying_on_its_side_is_turned_by_its_exif_orientation()
    {
        // APP1 with one entry: orientation (0x0112) = 6, "turn by 90 degrees clockwise to see it upright" (Exif 2.3, 4.6.4).
        byte[] exif = [0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
        byte[] lying = File.ReadAllBytes(models.Changed(FaceModelsFixture.Photo("007_B.jpg"), "transpose=cclock", "lying.jpg"));
        string turned = models.Write("turned.jpg", [.. lying[..2], .. exif, .. lying[2..]]);

        PictureFace face = Assert.Single(models.Enroller.Check(turned)), upright = Assert.Single(models.Enroller.Check(FaceModelsFixture.Photo("007_B.jpg")));

        Assert.InRange(face.X - upright.X, -5, 5);
        Assert.InRange(face.Y - upright.Y, -5, 5);
    }

    [SharedFact]
    public void Each_picture_that_cannot_be_enrolled_is_refused_with_its_reason()
    {
        string good = FaceModelsFixture.Photo("009_C.jpg");
        Refused("no face", FaceModelsFixture.Photo("017_0.jpg"));
        Refused("2 faces", FaceModelsFixture.Photo("010_2.jpg"));
        Refused("too small", models.Changed(good, "scale=iw/5:-1,pad=640:480:200:200:gray", "small.png"));
        Refused("blurred", models.Changed(good, "gblur=sigma=6", "blurred.png"));
        Refused("turned away", models.Pictures("female", 0)[0]);
        Refused("cut off", models.Changed(good, "crop=205:ih:0:0", "cut.png"));
        Refused("neither a JPEG nor a PNG", models.Write("text.jpg", [.. "#EXTM3U\nfile:///etc/passwd\n"u8]));
        Refused("give a whole JPEG or PNG", models.Write("half.jpg", File.ReadAllBytes(good)[..9000]));
        Refused("cannot be read", good + ".nowhere");

        void Refused(string why, string file) =>
            Assert.Contains(why, Assert.Throws<PictureException>(() => models.Enroller.Enrol(file)).Message, StringComparison.Ordinal);
    }

    [SharedFact]
    public void Persons_resemble_themselves_beyond_the_threshold_and_nobody_else()
    {
        (string Person, FaceTemplate Face)[] faces =
        [
            .. new[] { "001_A", "002_A", "003_A", "004_A", "005_A", "006_A", "007_B", "008_B", "009_C" }
                .Select(photo => (photo[4..], models.Enroller.Enrol(FaceModelsFixture.Photo(photo + ".jpg")))),
        ];
        try
        {
            foreach ((string person, FaceTemplate face) in faces)
            {
                Assert.All(faces, other => Assert.Equal(other.Person == person, other.Face.Similarity(face) >= models.Enroller.Threshold));
            }
        }
        finally
        {
            // FaceMemoryTests looks through the memory of this very process for one of them.
            Array.ForEach(faces, face => face.Face.Wipe());
        }
    }

    [Fact]
    public void A_turned_or_nodding_head_is_seen_by_the_five_points()
    {
        Assert.Equal(FaceFault.None, Fault());
        Assert.Equal(FaceFault.None, Fault(tilt: 0.5f));
        Assert.Equal(FaceFault.TurnedAway, Fault(noseX: 0.5f));
        Assert.Equal(FaceFault.TurnedAway, Fault(noseX: -0.5f));
        Assert.Equal(FaceFault.TurnedAway, Fault(noseY: 0.95f));
        Assert.Equal(FaceFault.TooSmall, Fault(size: 39));
        Assert.Equal(FaceFault.CutOff, Fault(at: 0));

        static FaceFault Fault(float noseX = 0, float noseY = 0.55f, float tilt = 0, float size = 100, float at = 200)
        {
            // Eyes 0.5 of the box apart, the mouth as far below; turned around the eyes by tilt (radians). A picture of 1000 by 1000.
            (float sin, float cos) = MathF.SinCos(tilt);
            Point P(float x, float y) => new((at + (size / 2) + (size * ((x * cos) - (y * sin)))) / 1000, (at + (size / 3) + (size * ((x * sin) + (y * cos)))) / 1000);
            var points = new FacePoints(P(-0.25f, 0), P(0.25f, 0), P(noseX / 2, noseY / 2), P(-0.2f, 0.5f), P(0.2f, 0.5f));
            var face = new FaceSeen(new Box(at / 1000, at / 1000, size / 1000, size / 1000), 0.9f, points);
            return FaceQuality.Of(face, 1000, 1000).FaultOf(40);
        }
    }

    [Theory]
    [InlineData(0, 0, 0.1f, 0.1f, 2.7f)]
    [InlineData(0.9f, 0.9f, 0.1f, 0.1f, 4)]
    [InlineData(0.1f, 0.1f, 0.8f, 0.8f, 4)]
    [InlineData(0, 0, 1, 1, 2.7f)]
    public void The_surroundings_of_a_face_lie_within_the_picture(float x, float y, float width, float height, float scale)
    {
        PixelRect around = LivenessCheck.Around(new Box(x, y, width, height), scale, 639, 359);

        Assert.True(around.X >= 0 && around.Y >= 0 && around.X + around.Width <= 639 && around.Y + around.Height <= 359, $"{around}");
    }
}
