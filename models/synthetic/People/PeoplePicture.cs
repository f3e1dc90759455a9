using EdgeAgent.Core;
using EdgeAgent.Simulators.Scenes;

namespace EdgeAgent.SyntheticModels.People;

/// <summary>Turns a frame of the scene into the detector's input: half the size, placed top left, grey below, [3,192,320].</summary>
internal static class PeoplePicture
{
    private const int Rows = StoreScene.Height / 2;
    private const int Plane = PeopleModel.InputWidth * PeopleModel.InputHeight;

    /// <summary>As a letterbox with linear interpolation makes it: every pixel is the mean of four.</summary>
    public static void Load(ReadOnlySpan<byte> bgr, Span<float> input)
    {
        input.Clear();
        for (int y = 0; y < Rows; y++)
        {
            ReadOnlySpan<byte> upper = bgr.Slice(y * 2 * StoreScene.Width * 3, StoreScene.Width * 3);
            ReadOnlySpan<byte> lower = bgr.Slice(((y * 2) + 1) * StoreScene.Width * 3, StoreScene.Width * 3);
            for (int x = 0; x < PeopleModel.InputWidth; x++)
            {
                int to = (y * PeopleModel.InputWidth) + x;
                int from = x * 6;
                for (int c = 0; c < 3; c++)
                {
                    int sum = upper[from + c] + upper[from + c + 3] + lower[from + c] + lower[from + c + 3];
                    input[(c * Plane) + to] = ((sum * 0.25f) - PeopleModel.Mean) * PeopleModel.Scale;
                }
            }
        }
    }

    /// <summary>
    /// Makes the picture worse as cameras, codecs and other scalers do: soft, grainy, tinted. Works on what <see cref="Load"/> left.
    /// </summary>
    /// <param name="scratch">As long as <paramref name="input"/>.</param>
    public static void Spoil(Span<float> input, Span<float> scratch, Dice dice)
    {
        float soft = dice.Chance(0.5f) ? dice.Between(0, 0.22f) : 0;
        float grain = dice.Chance(0.6f) ? dice.Between(0, 7f) * PeopleModel.Scale : 0;
        float gain = dice.Between(0.85f, 1.15f);
        for (int c = 0; c < 3; c++)
        {
            float shift = dice.Between(-12, 12) * PeopleModel.Scale;
            Span<float> plane = input.Slice(c * Plane, Rows * PeopleModel.InputWidth);
            if (soft > 0)
            {
                plane.CopyTo(scratch);
                Soften(scratch[..plane.Length], plane, soft);
            }
            foreach (ref float value in plane)
            {
                value = (value * gain) + shift + (grain > 0 ? (dice.Unit() - 0.5f) * grain : 0);
            }
        }
    }

    /// <summary>The figures' boxes in pixels of the input.</summary>
    public static Box Scaled(Box fraction) =>
        new(fraction.X * PeopleModel.InputWidth, fraction.Y * Rows, fraction.Width * PeopleModel.InputWidth, fraction.Height * Rows);

    private static void Soften(ReadOnlySpan<float> from, Span<float> to, float soft)
    {
        const int Wide = PeopleModel.InputWidth;
        for (int y = 1; y + 1 < Rows; y++)
        {
            for (int x = 1; x + 1 < Wide; x++)
            {
                int at = (y * Wide) + x;
                float around = from[at - 1] + from[at + 1] + from[at - Wide] + from[at + Wide];
                to[at] = (from[at] * (1 - (4 * soft))) + (around * soft);
            }
        }
    }
}
