namespace EdgeAgent.Vision.Models;

/// <summary>
/// The picture that golden vectors are made with: blocks of 32 and of 8 pixels in colours drawn from a seed. The same on every machine, so that
/// a publisher ships a number and not a picture.
/// </summary>
internal static class GoldenPattern
{
    /// <summary>Names the rule below; another rule would need another name.</summary>
    public const string Name = "blocks-1";

    /// <summary>Value of channel c (in the model's own order) at x, y: (3 · d(seed, c, y/32, x/32) + d(seed + 1, c, y/8, x/8)) / 4, d from 0 to 255.</summary>
    public static void Fill(ModelEntry entry, int seed, Span<float> input)
    {
        int width = entry.InputWidth, height = entry.InputHeight;
        for (int channel = 0; channel < 3; channel++)
        {
            float mean = entry.Pre.Mean[channel], scale = entry.Pre.Scale[channel];
            for (int y = 0; y < height; y++)
            {
                Span<float> row = input.Slice(((channel * height) + y) * width, width);
                for (int x = 0; x < width; x++)
                {
                    float value = ((3 * Dice(seed, channel, y / 32, x / 32)) + Dice(seed + 1, channel, y / 8, x / 8)) / 4f;
                    row[x] = (value - mean) * scale;
                }
            }
        }
    }

    /// <summary>The upper byte of SplitMix64 (Steele, Lea and Flood 2014) over the packed arguments.</summary>
    private static int Dice(int seed, int channel, int row, int column)
    {
        ulong z = ((ulong)(uint)seed << 32) ^ ((ulong)channel << 28) ^ ((ulong)row << 14) ^ (ulong)column;
        z = unchecked(z + 0x9E3779B97F4A7C15);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return (int)((z ^ (z >> 31)) >> 56);
    }
}
