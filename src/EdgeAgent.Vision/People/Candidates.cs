using EdgeAgent.Vision.Imaging;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Vision.People;

/// <summary>Turns the outputs of the two detector families into candidates above a threshold, in pixels of the input. Before suppression.</summary>
internal static class Candidates
{
    /// <summary>How many candidates a model can give at most: one per anchor.</summary>
    public static int Limit(ModelEntry entry) => entry.Outputs[0].Shape[1];

    /// <summary>
    /// YOLOX (Megvii-BaseDetection/YOLOX, yolox/utils/demo_utils.py): grid cells row by row, stride by stride.
    /// cx = (x + column) * s, cy = (y + row) * s, w = exp(w) * s, h = exp(h) * s; score = objectness * class score, both 0..1.
    /// </summary>
    /// <param name="output">[A, 5 + classes] row-major.</param>
    public static int FromYolox(
        ReadOnlySpan<float> output, PostSpec.Yolox spec, int inputWidth, int inputHeight, float threshold, Span<Detection> found)
    {
        int size = 5 + spec.Classes;
        int count = 0;
        int anchor = 0;
        for (int level = 0; level < spec.Strides.Count; level++)
        {
            int stride = spec.Strides[level];
            int columns = inputWidth / stride;
            int cells = columns * (inputHeight / stride);
            for (int cell = 0; cell < cells; cell++, anchor++)
            {
                ReadOnlySpan<float> values = output.Slice(anchor * size, size);
                float score = values[4] * values[5 + spec.Class];
                if (!(score >= threshold))
                {
                    continue;
                }
                float x = (values[0] + (cell % columns)) * stride;
                float y = (values[1] + (cell / columns)) * stride;
                float halfWidth = MathF.Exp(values[2]) * stride / 2;
                float halfHeight = MathF.Exp(values[3]) * stride / 2;
                var candidate = new Detection(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight, score, anchor);
                if (candidate.IsUsable)
                {
                    found[count++] = candidate;
                }
            }
        }
        return count;
    }

    /// <summary>Boxes in fractions of the input and one column of scores.</summary>
    /// <param name="boxes">[A, 4] row-major.</param>
    /// <param name="scores">[A, columns] row-major.</param>
    public static int FromBoxesScores(
        ReadOnlySpan<float> boxes,
        ReadOnlySpan<float> scores,
        PostSpec.BoxesScores spec,
        int inputWidth,
        int inputHeight,
        float threshold,
        Span<Detection> found)
    {
        int anchors = boxes.Length / 4;
        int columns = scores.Length / anchors;
        int count = 0;
        for (int anchor = 0; anchor < anchors; anchor++)
        {
            float score = scores[(anchor * columns) + spec.Column];
            if (!(score >= threshold))
            {
                continue;
            }
            ReadOnlySpan<float> box = boxes.Slice(anchor * 4, 4);
            Detection candidate = spec.Corners == Corners.X1Y1X2Y2
                ? new Detection(box[0] * inputWidth, box[1] * inputHeight, box[2] * inputWidth, box[3] * inputHeight, score, anchor)
                : new Detection(box[1] * inputWidth, box[0] * inputHeight, box[3] * inputWidth, box[2] * inputHeight, score, anchor);
            if (candidate.IsUsable)
            {
                found[count++] = candidate;
            }
        }
        return count;
    }
}
