using EdgeAgent.Core;
using EdgeAgent.Simulators.Scenes;

namespace EdgeAgent.SyntheticModels.Appearance;

/// <summary>Cuts a person out of a frame and squashes the cut to the embedder's input [3,64,32], normalised.</summary>
internal static class PersonCrop
{
    public static void Load(ReadOnlySpan<byte> bgr, Box fraction, Span<float> input)
    {
        float left = fraction.X * StoreScene.Width;
        float top = fraction.Y * StoreScene.Height;
        float stepX = fraction.Width * StoreScene.Width / AppearanceModel.InputWidth;
        float stepY = fraction.Height * StoreScene.Height / AppearanceModel.InputHeight;
        const int Plane = AppearanceModel.InputWidth * AppearanceModel.InputHeight;
        for (int y = 0; y < AppearanceModel.InputHeight; y++)
        {
            float fromY = MathF.Min(MathF.Max(top + ((y + 0.5f) * stepY) - 0.5f, 0), StoreScene.Height - 1.001f);
            int y0 = (int)fromY;
            float ty = fromY - y0;
            for (int x = 0; x < AppearanceModel.InputWidth; x++)
            {
                float fromX = MathF.Min(MathF.Max(left + ((x + 0.5f) * stepX) - 0.5f, 0), StoreScene.Width - 1.001f);
                int x0 = (int)fromX;
                float tx = fromX - x0;
                int at = ((y0 * StoreScene.Width) + x0) * 3;
                for (int c = 0; c < 3; c++)
                {
                    float upper = bgr[at + c] + ((bgr[at + c + 3] - bgr[at + c]) * tx);
                    int below = at + (StoreScene.Width * 3) + c;
                    float lower = bgr[below] + ((bgr[below + 3] - bgr[below]) * tx);
                    float value = upper + ((lower - upper) * ty);
                    input[(c * Plane) + (y * AppearanceModel.InputWidth) + x] = (value - AppearanceModel.Mean) * AppearanceModel.Scale;
                }
            }
        }
    }

    /// <summary>A detector's box is never exact: moves every side by up to a part <paramref name="most"/> of the size, within the picture.</summary>
    public static Box Shaken(Box box, float most, Dice dice)
    {
        float left = MathF.Max(0, box.X + (dice.Between(-most, most) * box.Width));
        float top = MathF.Max(0, box.Y + (dice.Between(-most, most) * box.Height));
        float right = MathF.Min(1, box.Right + (dice.Between(-most, most) * box.Width));
        float bottom = MathF.Min(1, box.Bottom + (dice.Between(-most, most) * box.Height));
        return new Box(left, top, right - left, bottom - top);
    }
}
