using System.Text;
using EdgeAgent.Core.Gs1;

namespace EdgeAgent.Rfid.Epcs;

/// <summary>The host of a Digital Link inside a code, TDS 2.3 section 14.5.16: <c>method:1 | length:6 | characters</c>.</summary>
internal static class HostnameText
{
    private const int MaxCharacters = 63;
    private const int LengthBits = 6;

    public static string Read(ref BitReader reader, out string host)
    {
        host = "";
        if (!reader.TryRead(1, out int method) || !reader.TryRead(LengthBits, out int length))
        {
            return "it ends before its host name";
        }
        if (length == 0)
        {
            return "its host name is empty";
        }
        string wrong = method == 0 ? TextField.ReadCode40(ref reader, length, out host) : ReadAscii(ref reader, length, out host);
        return wrong.Length > 0 ? wrong : Check(host);
    }

    /// <returns>Empty when the host can be written; else what is wrong, as the end of a sentence.</returns>
    public static string Check(string host)
    {
        if (host.Length is 0 or > MaxCharacters)
        {
            return $"its host name has {host.Length} characters, where 1 to {MaxCharacters} may be";
        }
        foreach (char c in host)
        {
            // Set 82 has more, but no host name has them (RFC 3986 3.2.2, RFC 1123 2.1; a colon begins the port).
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or ':' or '_'))
            {
                return $"its host name has the character '{c}'";
            }
        }
        return "";
    }

    public static void Write(BitWriter writer, string host)
    {
        if (TextField.IsCode40(host))
        {
            writer.Write(1, 0);
            writer.Write(LengthBits, (uint)host.Length);
            TextField.WriteCode40(writer, host);
            return;
        }
        writer.Write(1, 1);
        writer.Write(LengthBits, (uint)Pieces(host, null));
        Pieces(host, writer);
    }

    /// <summary>Writes the pieces when there is a writer, and counts seven bits as one.</summary>
    private static int Pieces(string host, BitWriter? writer)
    {
        int count = 0;
        for (int at = 0; at < host.Length;)
        {
            int length = HostnameTable.Match(host.AsSpan(at), out int value, out int bits);
            if (length == 0)
            {
                (length, value, bits) = (1, host[at], 7);
            }
            writer?.Write(bits, (uint)value);
            count += bits / 7;
            at += length;
        }
        return count;
    }

    private static string ReadAscii(ref BitReader reader, int length, out string host)
    {
        host = "";
        var text = new StringBuilder();
        for (int i = 0; i < length; i++)
        {
            if (!reader.TryRead(7, out int value))
            {
                return "it ends within its host name";
            }
            string? piece = HostnameTable.Short(value);
            if (value < HostnameTable.Lists)
            {
                i++;
                if (i >= length || !reader.TryRead(7, out int entry))
                {
                    return "it ends within its host name";
                }
                piece = HostnameTable.Long(value, entry);
            }
            else if (piece is null && Gs1Text.IsSet82((char)value))
            {
                piece = ((char)value).ToString();
            }
            if (piece is null)
            {
                return $"its host name has the reserved value {value}";
            }
            text.Append(piece);
        }
        host = text.ToString();
        return "";
    }
}
