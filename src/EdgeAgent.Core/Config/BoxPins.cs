using System.Globalization;

namespace EdgeAgent.Core.Config;

/// <summary>
/// A "reader" without a radio: the box's own pins, in a build with -p:Gpio=iot. Its source is <c>gpio:CHIP/LINE,LINE,…</c>: port 1 of it is the first of these
/// lines of /dev/gpiochipCHIP, port 2 the second. Photo-eyes, buttons, lamps and locks name it as they name a reader.
/// </summary>
public static class BoxPins
{
    public const string Scheme = "gpio:";

    /// <summary>False in the default build, to which such a source is none.</summary>
    public static bool AreBuilt =>
#if BOX_PINS
        true;
#else
        false;
#endif

    public static bool Are(ReaderConfig reader) => AreBuilt && reader.Source.StartsWith(Scheme, StringComparison.Ordinal);

    /// <param name="lines">In the order of the ports, from port 1.</param>
    public static bool TryParse(string source, out int chip, out int[] lines)
    {
        (chip, lines) = (0, []);
        string[] parts = source.StartsWith(Scheme, StringComparison.Ordinal) ? source[Scheme.Length..].Split('/') : [];
        if (parts.Length != 2 || !TryNumber(parts[0], out chip))
        {
            return false;
        }
        string[] names = parts[1].Split(',');
        lines = new int[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            if (!TryNumber(names[i], out lines[i]) || Array.IndexOf(lines, lines[i]) != i)
            {
                return false;
            }
        }
        return true;
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < 1024;
}
