using EdgeAgent.Vision.Imaging;
using EdgeAgent.Vision.Models;
using EdgeAgent.Vision.People;

namespace EdgeAgent.Vision.Tests;

/// <summary>The decoders against the formulas of the models' publishers, cell by cell.</summary>
public class CandidatesTests
{
    private const float Threshold = 0.4f;

    [Theory]
    [InlineData(64, 32)]
    [InlineData(32, 96)]
    public void Yolox_cells_decode_as_in_the_publishers_demo(int width, int height)
    {
        var spec = new PostSpec.Yolox([8, 16, 32], Classes: 3, Class: 2, Threshold, Nms: 0.45f);
        int size = 5 + spec.Classes;
        var expected = new List<Detection>();
        float[] output = Random((width * height / 64 * size) + (width * height / 256 * size) + (width * height / 1024 * size));
        int anchor = 0;
        foreach (int stride in spec.Strides)
        {
            for (int row = 0; row < height / stride; row++)
            {
                for (int column = 0; column < width / stride; column++, anchor++)
                {
                    float[] v = output[(anchor * size)..((anchor + 1) * size)];
                    (float cx, float cy) = ((v[0] + column) * stride, (v[1] + row) * stride);
                    (float w, float h) = (MathF.Exp(v[2]) * stride, MathF.Exp(v[3]) * stride);
                    if (v[4] * v[7] >= Threshold)
                    {
                        expected.Add(new Detection(cx - (w / 2), cy - (h / 2), cx + (w / 2), cy + (h / 2), v[4] * v[7], anchor));
                    }
                }
            }
        }
        var found = new Detection[anchor];
        AssertSame(expected, found.AsSpan(0, Candidates.FromYolox(output, spec, width, height, Threshold, found)));
    }

    [Theory]
    [InlineData(Corners.X1Y1X2Y2)]
    [InlineData(Corners.Y1X1Y2X2)]
    public void Boxes_and_scores_decode_in_either_order_of_corners(Corners corners)
    {
        const int anchors = 200;
        var spec = new PostSpec.BoxesScores(corners, Column: 1, Threshold, Nms: 0.45f);
        float[] boxes = Random(anchors * 4), scores = Random(anchors * 2);
        var expected = new List<Detection>();
        for (int i = 0; i < anchors; i++)
        {
            (float a, float b, float c, float d) = (boxes[i * 4], boxes[(i * 4) + 1], boxes[(i * 4) + 2], boxes[(i * 4) + 3]);
            (float x1, float y1, float x2, float y2) = corners == Corners.X1Y1X2Y2 ? (a, b, c, d) : (b, a, d, c);
            // A box without a width is none.
            if (scores[(i * 2) + 1] >= Threshold && x2 > x1 && y2 > y1)
            {
                expected.Add(new Detection(x1 * 320, y1 * 192, x2 * 320, y2 * 192, scores[(i * 2) + 1], i));
            }
        }
        var found = new Detection[anchors];
        AssertSame(expected, found.AsSpan(0, Candidates.FromBoxesScores(boxes, scores, spec, 320, 192, Threshold, found)));
    }

    [Fact]
    public void Values_that_are_no_numbers_give_no_candidate()
    {
        var spec = new PostSpec.Yolox([8], Classes: 1, Class: 0, Threshold, Nms: 0.45f);
        float[] output =
        [
            0, 0, float.NaN, 0, 1, 1, // a box of no width
            0, 0, 1000, 0, 1, 1, // an endless one
            0, 0, 0, 0, float.NaN, 1, // a score that is none
            0, 0, 0, 0, 1, 1,
        ];
        var found = new Detection[4];
        Assert.Equal(1, Candidates.FromYolox(output, spec, 16, 16, Threshold, found));
        Assert.Equal(3, found[0].Anchor);
    }

    private static void AssertSame(List<Detection> expected, ReadOnlySpan<Detection> found)
    {
        Assert.True(expected.Count > 3, "The test decodes too little to say anything.");
        Assert.Equal(expected.Count, found.Length);
        for (int i = 0; i < found.Length; i++)
        {
            Assert.Equal((expected[i].Anchor, expected[i].Score), (found[i].Anchor, found[i].Score));
            Assert.Equal(expected[i].X1, found[i].X1, 1e-3f);
            Assert.Equal(expected[i].Y1, found[i].Y1, 1e-3f);
            Assert.Equal(expected[i].X2, found[i].X2, 1e-3f);
            Assert.Equal(expected[i].Y2, found[i].Y2, 1e-3f);
        }
    }

    private static float[] Random(int count)
    {
        var values = new float[count];
#pragma warning disable RS0030 // A seeded generator is data for a test.
        var random = new Random(count);
#pragma warning restore RS0030
        for (int i = 0; i < count; i++)
        {
            values[i] = random.NextSingle();
        }
        return values;
    }
}
