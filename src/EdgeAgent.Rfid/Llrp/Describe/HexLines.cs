using System.Buffers;
using System.Runtime.InteropServices;

namespace EdgeAgent.Rfid.Llrp.Describe;

/// <summary>Bytes to be read together, and the line of text in which they begin.</summary>
/// <param name="Offset">Where in that line, in bytes.</param>
internal readonly record struct HexChunk(int Line, int Offset, byte[] Bytes);

/// <summary>
/// Lines of hexadecimal as people and tools write frames: one a line, or a stream broken into lines of one width, as <c>xxd -p</c> gives it. A line
/// goes on with the message before it when that is not whole yet, unless it is longer than that line or begins like a message itself.
/// </summary>
internal sealed class HexLines
{
    private readonly List<byte> _open = [];
    private int _line;
    private int _offset;
    private int _width;

    /// <summary>Blanks, colons, bars, commas, <c>0x</c> and <c>\x</c> may stand between digits.</summary>
    public static bool TryHex(string text, out byte[] bytes)
    {
        string digits = string.Concat(text.Replace("0x", "", StringComparison.OrdinalIgnoreCase).Replace("\\x", "", StringComparison.OrdinalIgnoreCase)
            .Where(static c => !char.IsWhiteSpace(c) && c is not (':' or '|' or ',')));
        bytes = new byte[digits.Length / 2];
        return digits.Length % 2 == 0 && digits.Length > 0 && Convert.FromHexString(digits, bytes, out _, out _) == OperationStatus.Done;
    }

    /// <returns>What can be read now.</returns>
    public IEnumerable<HexChunk> Take(int line, byte[] bytes)
    {
        if (_open.Count > 0 && (bytes.Length > _width || BeginsMessage(bytes)))
        {
            yield return End()!.Value;
        }
        if (_open.Count == 0)
        {
            (_line, _offset, _width) = (line, 0, bytes.Length);
        }
        int before = _open.Count;
        _open.AddRange(bytes);
        int whole = Whole(CollectionsMarshal.AsSpan(_open));
        if (whole > 0)
        {
            yield return new HexChunk(_line, _offset, [.. _open[..whole]]);
            _open.RemoveRange(0, whole);
            (_line, _offset) = (line, whole - before);
        }
        if (_open.Count > 0 && !MayGoOn(CollectionsMarshal.AsSpan(_open)))
        {
            yield return End()!.Value;
        }
    }

    /// <returns>Bytes with which nothing goes on, if there are some.</returns>
    public HexChunk? End()
    {
        HexChunk? rest = _open.Count > 0 ? new HexChunk(_line, _offset, [.. _open]) : null;
        _open.Clear();
        return rest;
    }

    /// <summary>The length of the whole messages in front.</summary>
    private static int Whole(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (LlrpHeader.TryRead(bytes[at..], out LlrpHeader header) && header.LengthIsPossible && header.Length <= bytes.Length - at)
        {
            at += (int)header.Length;
        }
        return at;
    }

    private static bool MayGoOn(ReadOnlySpan<byte> bytes) =>
        LlrpHeader.TryRead(bytes, out LlrpHeader header) ? header.Version is 1 or 2 && header.LengthIsPossible : bytes[0] is >= 4 and < 12;

    /// <summary>A length that is a lie does not keep it from being one.</summary>
    private static bool BeginsMessage(ReadOnlySpan<byte> bytes) =>
        LlrpHeader.TryRead(bytes, out LlrpHeader header) && header.Version is 1 or 2 && header.Length <= LlrpHeader.MaxMessageLength
        && LlrpTable.Message((int)header.Type) is not null;
}
