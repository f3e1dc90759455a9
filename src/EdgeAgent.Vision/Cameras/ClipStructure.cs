using System.Buffers.Binary;

namespace EdgeAgent.Vision.Cameras;

/// <summary>
/// Whether a clip's file ends before its own structure does. ffmpeg shows what is left of a cut AVI or GIF and complains of nothing, and guesses
/// its length from what is left.
/// </summary>
internal static class ClipStructure
{
    /// <summary>
    /// True when a part of the file is longer than what is left of the file. Formats that state no sizes are never cut; a file that cannot be
    /// read is not either, for ffmpeg says what is wrong with it.
    /// </summary>
    public static bool IsCut(string file)
    {
        try
        {
            return Look(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool Look(string file)
    {
        using FileStream stream = File.OpenRead(file);
        Span<byte> head = stackalloc byte[12];
        int read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        head = head[..read];
        if (read == 12 && head[4..8].SequenceEqual("ftyp"u8))
        {
            return IsMp4Cut(stream);
        }
        if (read == 12 && head[..4].SequenceEqual("RIFF"u8) && head[8..].SequenceEqual("AVI "u8))
        {
            return IsAviCut(stream);
        }
        return head.StartsWith("GIF8"u8) && IsGifCut(stream);
    }

    /// <summary>
    /// ISO/IEC 14496-12, 4.2: boxes one after another, <c>size:32 | type:32 | (size:64 when size is 1)</c>, big-endian, header included;
    /// size 0 reaches to the end of the file.
    /// </summary>
    private static bool IsMp4Cut(FileStream stream)
    {
        Span<byte> head = stackalloc byte[16];
        long at = 0;
        while (at < stream.Length)
        {
            stream.Position = at;
            int read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            // Something behind the last box that is no box is not part of the clip.
            if (read < 8 || head[4..8].ContainsAnyExceptInRange((byte)' ', (byte)'~'))
            {
                return false;
            }
            long size = BinaryPrimitives.ReadUInt32BigEndian(head);
            if (size == 1)
            {
                size = read < 16 ? long.MaxValue : BinaryPrimitives.ReadInt64BigEndian(head[8..]);
            }
            if (size < 8)
            {
                return false;
            }
            if (size > stream.Length - at)
            {
                return true;
            }
            at += size;
        }
        return false;
    }

    /// <summary>
    /// AVI 1.0 and OpenDML 1.02: <c>RIFF | size:32 | data</c>, little-endian, one or several. A writer that could not seek back leaves 0 or all ones.
    /// </summary>
    private static bool IsAviCut(FileStream stream)
    {
        Span<byte> head = stackalloc byte[8];
        long at = 0;
        while (at < stream.Length)
        {
            stream.Position = at;
            if (stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < 8 || !head[..4].SequenceEqual("RIFF"u8))
            {
                return false;
            }
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
            if (size is 0 or uint.MaxValue)
            {
                return false;
            }
            if (size > stream.Length - at - 8)
            {
                return true;
            }
            at += 8 + size + (size & 1);
        }
        return false;
    }

    /// <summary>GIF89a, appendix A: blocks up to the trailer 0x3B; each picture and extension is a chain of <c>length:8 | bytes</c> that ends with length 0.</summary>
    private static bool IsGifCut(FileStream stream)
    {
        const int screenFlags = 10;
        stream.Position = screenFlags;
        int flags = stream.ReadByte();
        stream.Position = screenFlags + 3 + ColourTableBytes(flags);
        while (true)
        {
            switch (stream.ReadByte())
            {
                case 0x3B:
                    return false;
                case 0x21:
                    stream.Position++; // which extension
                    break;
                case 0x2C:
                    stream.Position += 8; // place and size
                    int table = ColourTableBytes(stream.ReadByte());
                    stream.Position += table + 1; // and the code size
                    break;
                case -1:
                    return true;
                default:
                    return false; // no block: damaged otherwise, which the decoder says
            }
            int length;
            while ((length = stream.ReadByte()) > 0)
            {
                stream.Position += length;
            }
        }
    }

    /// <summary>Bit 7: a table follows; bits 0 to 2: it has 2^(n+1) colours of 3 bytes.</summary>
    private static int ColourTableBytes(int flags) => flags >= 0 && (flags & 0x80) != 0 ? 3 << ((flags & 7) + 1) : 0;
}
