using System.Runtime.InteropServices;
using System.Text;

namespace EdgeAgent.Core.Privacy;

/// <summary>Something found that should not be there.</summary>
/// <param name="Offset">Byte in what was scanned; of something that was encoded, where the encoded text begins.</param>
public readonly record struct Leak(LeakKind Kind, long Offset);

/// <summary>
/// Looks through any bytes (files, a recorded line, memory) for pictures, vectors, raw EPCs and known canaries: as they are, and inside base64 and hexadecimal text. It cannot
/// know a vector of 8-bit or 16-bit numbers, nor a name: those are looked for as canaries.
/// </summary>
public static class LeakScanner
{
    // Sizes of the vectors that face and person models give.
    private static readonly int[] s_dimensions = [128, 256, 512];

    // Text is looked at in pieces that overlap by more than any sign that counts.
    private const int Piece = 1 << 20;
    private const int Overlap = 1 << 13;

    private const int DecimalsOfVector = 32;

    /// <summary>All that is found, in the order of kinds looked for; the same place once for each kind.</summary>
    /// <param name="canaries">Bytes to look for, at least 8 each.</param>
    public static IReadOnlyList<Leak> Scan(ReadOnlySpan<byte> bytes, IReadOnlyList<byte[]>? canaries = null)
    {
        var found = new List<Leak>();
        if (!bytes.ContainsAnyExcept((byte)0))
        {
            return found; // a file that only keeps room
        }
        Binary(bytes, 0, canaries ?? [], found);
        for (int at = 0; at < bytes.Length; at += Piece - Overlap)
        {
            ReadOnlySpan<byte> piece = bytes[at..Math.Min(at + Piece, bytes.Length)];
            if (piece.ContainsAnyExcept((byte)0))
            {
                Text(Encoding.Latin1.GetString(piece), at, canaries ?? [], found);
            }
        }
        return [.. found.Distinct()];
    }

    private static void Binary(ReadOnlySpan<byte> bytes, long origin, IReadOnlyList<byte[]> canaries, List<Leak> found)
    {
        Pictures(bytes, origin, found);
        Vectors(bytes, origin, found);
        foreach (byte[] canary in canaries)
        {
            All(bytes, canary, origin, LeakKind.Canary, found);
        }
    }

    private static void Pictures(ReadOnlySpan<byte> bytes, long origin, List<Leak> found)
    {
        foreach (byte[] magic in s_magics)
        {
            All(bytes, magic, origin, LeakKind.Image, found);
        }
        int at = 0;
        for (int next; (next = bytes[at..].IndexOf("RIFF"u8)) >= 0; at += next + 4)
        {
            if (bytes[(at + next)..] is { Length: >= 12 } riff && (riff[8..12].SequenceEqual("WEBP"u8) || riff[8..12].SequenceEqual("AVI "u8)))
            {
                found.Add(new Leak(LeakKind.Image, origin + at + next));
            }
        }
    }

    // JPEG with JFIF, Exif or a quantisation table first; PNG; GIF; MP4 and its kin.
    private static readonly byte[][] s_magics =
    [
        [0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x10, (byte)'J', (byte)'F'], [0xFF, 0xD8, 0xFF, 0xE1], [0xFF, 0xD8, 0xFF, 0xDB, 0x00],
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A], [.. "GIF87a"u8], [.. "GIF89a"u8], [.. "ftypisom"u8], [.. "ftypmp42"u8], [.. "ftypheic"u8], [.. "ftypavif"u8],
    ];

    /// <summary>Floats in a row, little endian, whose squares add up to one, at each of the four ways to begin.</summary>
    private static void Vectors(ReadOnlySpan<byte> bytes, long origin, List<Leak> found)
    {
        for (int shift = 0; shift < sizeof(float) && bytes.Length - shift >= s_dimensions[0] * sizeof(float); shift++)
        {
            ReadOnlySpan<float> floats = MemoryMarshal.Cast<byte, float>(bytes[shift..]);
            int run = 0;
            for (int i = 0; i <= floats.Length; i++)
            {
                bool plausible = i < floats.Length && MathF.Abs(floats[i]) <= 1 && (floats[i] == 0 || MathF.Abs(floats[i]) > 1e-7f);
                if (plausible)
                {
                    run++;
                    continue;
                }
                UnitWindows(floats.Slice(i - run, run), origin + shift + ((i - run) * sizeof(float)), found);
                run = 0;
            }
        }
    }

    private static void UnitWindows(ReadOnlySpan<float> run, long origin, List<Leak> found)
    {
        foreach (int size in s_dimensions)
        {
            if (size > run.Length)
            {
                return;
            }
            double sum = 0;
            int filled = 0;
            for (int i = 0; i < run.Length; i++)
            {
                sum += (double)run[i] * run[i];
                filled += run[i] != 0 ? 1 : 0;
                if (i >= size)
                {
                    sum -= (double)run[i - size] * run[i - size];
                    filled -= run[i - size] != 0 ? 1 : 0;
                }
                if (i >= size - 1 && filled > size / 2 && Math.Abs(sum - 1) < 1e-3)
                {
                    found.Add(new Leak(LeakKind.Vector, origin + ((i - size + 1) * sizeof(float))));
                    break;
                }
            }
        }
    }

    private static void Text(string text, long origin, IReadOnlyList<byte[]> canaries, List<Leak> found)
    {
        foreach (System.Text.RegularExpressions.Match image in LeakSigns.Images.Matches(text))
        {
            found.Add(new Leak(LeakKind.Image, origin + image.Index));
        }
        foreach (System.Text.RegularExpressions.Match vector in LeakSigns.Vectors.Matches(text))
        {
            if (vector.Value.Count(c => c == '.') >= DecimalsOfVector)
            {
                found.Add(new Leak(LeakKind.Vector, origin + vector.Index));
            }
        }
        foreach (System.Text.RegularExpressions.Match epc in LeakSigns.Epcs.Matches(text))
        {
            found.Add(new Leak(LeakKind.Epc, origin + epc.Index));
        }
        foreach (System.Text.RegularExpressions.Match run in LeakSigns.Runs.Matches(text))
        {
            foreach (byte[] decoded in Decoded(run.Value))
            {
                var inside = new List<Leak>();
                Binary(decoded, 0, canaries, inside);
                found.AddRange(inside.Select(leak => new Leak(leak.Kind, origin + run.Index)));
            }
        }
    }

    private static List<byte[]> Decoded(string run)
    {
        var ways = new List<byte[]>();
        string digits = run.TrimEnd('=');
        if (digits.All(char.IsAsciiHexDigit))
        {
            ways.Add(Convert.FromHexString(digits.AsSpan(0, digits.Length & ~1)));
        }
        // The run may begin in the middle of a group of four: some word stood before it.
        string standard = digits.Replace('-', '+').Replace('_', '/');
        for (int skip = 0; skip < 4; skip++)
        {
            string part = standard[skip..];
            part = part.Length % 4 == 1 ? part[..^1] : part;
            ways.Add(Convert.FromBase64String(part.PadRight((part.Length + 3) & ~3, '=')));
        }
        return ways;
    }

    private static void All(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> wanted, long origin, LeakKind kind, List<Leak> found)
    {
        int at = 0;
        for (int next; (next = bytes[at..].IndexOf(wanted)) >= 0; at += next + 1)
        {
            found.Add(new Leak(kind, origin + at + next));
        }
    }
}
