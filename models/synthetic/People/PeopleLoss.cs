using EdgeAgent.Core;
using EdgeAgent.Simulators.Scenes;

namespace EdgeAgent.SyntheticModels.People;

/// <summary>How wrong the detector is about one picture, and in which direction it should change.</summary>
internal sealed class PeopleLoss
{
    /// <summary>Less of a figure than this is neither wanted nor punished.</summary>
    private const float LeastShare = 0.35f;

    /// <summary>Pixels of the input, in both directions.</summary>
    private const float LeastSide = 5;

    private const int Nobody = -1;
    private const int Ignored = -2;

    private readonly int[] _owner = new int[PeopleModel.Cells];
    private readonly float[] _distance = new float[PeopleModel.Cells];

    /// <summary>Writes the gradient by the network's output, same layout, and returns the loss.</summary>
    public float Measure(ReadOnlySpan<float> output, int columns, IReadOnlyList<SeenFigure> seen, Span<float> gradient)
    {
        gradient.Clear();
        Assign(seen);
        float loss = 0;
        for (int cell = 0; cell < PeopleModel.Cells; cell++)
        {
            if (_owner[cell] == Ignored)
            {
                continue;
            }
            float target = 0;
            if (_owner[cell] >= 0)
            {
                loss += MeasureBox(output, columns, cell, PeoplePicture.Scaled(seen[_owner[cell]].Box), gradient, out float overlap);

                // The score foretells how well the box fits: of several boxes around one person the best one survives.
                target = MathF.Min(1, overlap * 1.2f);
            }
            float score = 1 / (1 + MathF.Exp(-output[(PeopleModel.Objectness * columns) + cell]));
            gradient[(PeopleModel.Objectness * columns) + cell] = score - target;
            loss -= (target * MathF.Log(MathF.Max(score, 1e-7f))) + ((1 - target) * MathF.Log(MathF.Max(1 - score, 1e-7f)));
        }
        return loss;
    }

    /// <summary>A cell belongs to the figure whose box has its centre next to the cell's centre.</summary>
    private void Assign(IReadOnlyList<SeenFigure> seen)
    {
        Array.Fill(_owner, Nobody);
        Array.Fill(_distance, float.MaxValue);
        for (int i = 0; i < seen.Count; i++)
        {
            Box box = PeoplePicture.Scaled(seen[i].Box);
            bool wanted = seen[i].VisibleShare >= LeastShare && box.Width >= LeastSide && box.Height >= LeastSide;
            for (int cell = 0; cell < PeopleModel.Cells; cell++)
            {
                float dx = (((cell % PeopleModel.GridWidth) + 0.5f) * PeopleModel.Stride) - box.Centre.X;
                float dy = (((cell / PeopleModel.GridWidth) + 0.5f) * PeopleModel.Stride) - box.Centre.Y;
                float far = (dx * dx) + (dy * dy);
                const float Reach = 0.65f * PeopleModel.Stride;
                if (dx is > -Reach and < Reach && dy is > -Reach and < Reach && (wanted ? far < _distance[cell] : _owner[cell] == Nobody))
                {
                    _owner[cell] = wanted ? i : Ignored;
                    _distance[cell] = wanted ? far : _distance[cell];
                }
            }
        }
    }

    /// <summary>All four edges count, each against the size of the box: a foot point that is off moves the visitor on the floor.</summary>
    private static float MeasureBox(ReadOnlySpan<float> output, int columns, int cell, Box truth, Span<float> gradient, out float overlap)
    {
        const float S = PeopleModel.Stride;
        float cx = (output[(PeopleModel.X * columns) + cell] + (cell % PeopleModel.GridWidth)) * S;
        float cy = (output[(PeopleModel.Y * columns) + cell] + (cell / PeopleModel.GridWidth)) * S;
        float w = MathF.Exp(MathF.Min(output[(PeopleModel.W * columns) + cell], 4)) * S;
        float h = MathF.Exp(MathF.Min(output[(PeopleModel.H * columns) + cell], 4)) * S;
        overlap = truth.Overlap(new Box(cx - (w / 2), cy - (h / 2), w, h));
        float unitX = MathF.Max(1.5f, truth.Width * 0.06f);
        float unitY = MathF.Max(1.5f, truth.Height * 0.04f);
        float loss = Huber((cx - (w / 2) - truth.X) / unitX, out float left) + Huber((cx + (w / 2) - truth.Right) / unitX, out float right)
            + Huber((cy - (h / 2) - truth.Y) / unitY, out float top) + Huber((cy + (h / 2) - truth.Bottom) / unitY, out float bottom);
        const float Weight = 0.15f;
        gradient[(PeopleModel.X * columns) + cell] = Weight * (left + right) / unitX * S;
        gradient[(PeopleModel.Y * columns) + cell] = Weight * (top + bottom) / unitY * S;
        gradient[(PeopleModel.W * columns) + cell] = Weight * (right - left) / unitX * w / 2;
        gradient[(PeopleModel.H * columns) + cell] = Weight * (bottom - top) / unitY * h / 2;
        return Weight * loss;
    }

    private static float Huber(float error, out float slope)
    {
        slope = error < -1 ? -1 : error > 1 ? 1 : error;
        return error is > -1 and < 1 ? error * error / 2 : MathF.Abs(error) - 0.5f;
    }
}
