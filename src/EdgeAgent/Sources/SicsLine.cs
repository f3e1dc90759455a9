using System.Buffers.Text;

namespace EdgeAgent.Sources;

/// <summary>What a scale answered.</summary>
internal enum SicsAnswer
{
    /// <summary>A weighing at rest.</summary>
    Stable,

    /// <summary>A weighing while something moves.</summary>
    Moving,

    /// <summary>More, or less, than it can weigh.</summary>
    OutsideRange,

    /// <summary>It has something else to do just now.</summary>
    Busy,

    /// <summary>It does not know the command, or not with these words.</summary>
    Refused,

    /// <summary>No line of a scale.</summary>
    Foreign,
}

/// <summary>
/// One answer to the command <c>SIR</c> (send the weight now, and again and again) of MT-SICS level 0, without its line end:
/// <c>S S     -12.34 g</c> at rest, <c>S D</c> moving, <c>S +</c> and <c>S -</c> outside of the range, <c>S I</c> busy, <c>ES</c>, <c>ET</c> and <c>EL</c> refused.
/// </summary>
/// <remarks>Mettler Toledo, "Reference Manual: Standard Interface Command Set" (MT-SICS). Other makers speak it too. Allocates nothing.</remarks>
/// <param name="Grams">The net weight; 0 where the answer is none.</param>
internal readonly record struct SicsLine(SicsAnswer Answer, double Grams = 0)
{
    /// <summary>Longer lines are none of a scale.</summary>
    public const int MostBytes = 64;

    public static SicsLine Read(ReadOnlySpan<byte> line)
    {
        line = line.Trim(" \r\n"u8);
        if (line.SequenceEqual("ES"u8) || line.SequenceEqual("EL"u8) || line.SequenceEqual("ET"u8) || line.SequenceEqual("S L"u8))
        {
            return new SicsLine(SicsAnswer.Refused);
        }
        if (line.Length < 3 || !line.StartsWith("S "u8))
        {
            return new SicsLine(SicsAnswer.Foreign);
        }
        ReadOnlySpan<byte> rest = line[3..].TrimStart((byte)' ');
        return line[2] switch
        {
            (byte)'S' => Weighing(SicsAnswer.Stable, rest),
            (byte)'D' => Weighing(SicsAnswer.Moving, rest),
            (byte)'+' or (byte)'-' when rest.IsEmpty => new SicsLine(SicsAnswer.OutsideRange),
            (byte)'I' when rest.IsEmpty => new SicsLine(SicsAnswer.Busy),
            _ => new SicsLine(SicsAnswer.Foreign),
        };
    }

    private static SicsLine Weighing(SicsAnswer answer, ReadOnlySpan<byte> valueAndUnit)
    {
        if (!Utf8Parser.TryParse(valueAndUnit, out double value, out int length) || !double.IsFinite(value))
        {
            return new SicsLine(SicsAnswer.Foreign);
        }
        ReadOnlySpan<byte> unit = valueAndUnit[length..].Trim((byte)' ');
        // Exact by definition: 1 lb = 453.59237 g, 1 oz = 1/16 lb.
        double grams = unit.SequenceEqual("g"u8) ? 1 : unit.SequenceEqual("kg"u8) ? 1000 : unit.SequenceEqual("lb"u8) ? 453.59237 : unit.SequenceEqual("oz"u8) ? 453.59237 / 16 : double.NaN;
        return double.IsNaN(grams) ? new SicsLine(SicsAnswer.Foreign) : new SicsLine(answer, value * grams);
    }
}
