using System.Text;
using System.Text.Json;

namespace EdgeAgent.Rfid.Llrp.Describe;

/// <summary>
/// A capture of LLRP, frame by frame, in whichever form it has: the bytes of a TCP stream, lines of hexadecimal, JSON lines with a
/// field <c>hex</c> as an <c>llrp:</c> recording has them, or a JSON file with a list <c>vectors</c>.
/// </summary>
public sealed class LlrpCapture
{
    /// <summary>A JSON file that is not lines is read whole.</summary>
    private const int MaxDocument = 256 * 1024 * 1024;

    private const string PacketCapture = "This is a capture of network packets, not of LLRP: take the reader's bytes out of it first, "
        + "for instance with tshark -r FILE -Y 'tcp.srcport==5084 && tcp.len>0' -T fields -e tcp.payload.";

    // pcap in either order of bytes, with micro- or nanoseconds, and pcapng.
    private static readonly string[] s_packetCaptures = ["D4C3B2A1", "A1B2C3D4", "4D3CB2A1", "A1B23C4D", "0A0D0D0A"];

    private readonly bool _withTree;
    private readonly LlrpFramer _framer = new();
    private readonly TagReportBuffer _reports = new();
    private readonly HexLines _hex = new();

    // Offset of the framer's next byte in the capture.
    private long _at;

    private LlrpCapture(bool withTree) => _withTree = withTree;

    /// <param name="withTree">Tag reports also as a tree, not only as tags.</param>
    /// <returns>One line for each frame and for each stretch that is none, read as they are asked for.</returns>
    /// <exception cref="IOException">The capture cannot be read on.</exception>
    public static IEnumerable<LlrpLine> Decode(Stream capture, bool withTree = false)
    {
        byte[] first = Peek(capture);
        var whole = new PushedBack(first, capture);
        var decoder = new LlrpCapture(withTree);
        if (s_packetCaptures.Contains(Convert.ToHexString(first)))
        {
            return [LlrpLine.Error(null, PacketCapture, 0, first, isFrame: false)];
        }
        return (first.Length == 0 ? -1 : first[0]) switch
        {
            < 0 => [],
            // A message begins with its version, 4 to 11; text does not, but for tab and line ends, which no message has there. Nor is a byte
            // above ASCII text, unless it begins a byte order mark.
            (< ' ' and not ('\t' or '\n' or '\r')) or (> 0x7F and not 0xEF) => decoder.Binary(whole),
            _ => decoder.Text(new StreamReader(whole, Encoding.UTF8)),
        };
    }

    private IEnumerable<LlrpLine> Binary(Stream capture)
    {
        while (true)
        {
            int count = capture.Read(_framer.Room().Span);
            if (count == 0)
            {
                break;
            }
            _framer.Advance(count);
            foreach (LlrpLine line in Frames(null))
            {
                yield return line;
            }
            if (_framer.Waiting >= LlrpHeader.Size && IsLie(null) is { } lie)
            {
                yield return lie;
                yield break;
            }
        }
        if (Unfinished(null) is { } rest)
        {
            yield return rest;
        }
    }

    private IEnumerable<LlrpLine> Text(StreamReader capture)
    {
        int number = 0;
        while (capture.ReadLine() is { } line)
        {
            number++;
            string text = line.Trim();
            if (text.Length == 0 || text[0] == '#')
            {
                continue;
            }
            bool isJson = text[0] == '{';
            if (text[0] == '[' || (isJson && number == 1 && text[^1] != '}'))
            {
                foreach (LlrpLine vector in Document(text, capture))
                {
                    yield return vector;
                }
                yield break;
            }
            foreach (LlrpLine frame in isJson ? JsonLine(text, number) : HexLine(text, number))
            {
                yield return frame;
            }
        }
        foreach (LlrpLine frame in Chunk(_hex.End()))
        {
            yield return frame;
        }
        // A recording goes on from line to line: its bytes are as they arrived.
        if (Unfinished(null) is { } rest)
        {
            yield return rest;
        }
    }

    private IEnumerable<LlrpLine> HexLine(string text, int number) => HexLines.TryHex(text, out byte[] bytes)
        ? _hex.Take(number, bytes).SelectMany(chunk => Chunk(chunk))
        : Chunk(_hex.End()).Append(LlrpLine.Error(json => json.WriteNumber("line", number), "The line is not hexadecimal.", 0, []));

    private IEnumerable<LlrpLine> Chunk(HexChunk? bytes) =>
        bytes is { } chunk ? Alone(chunk.Bytes, json => json.WriteNumber("line", chunk.Line), chunk.Offset) : [];

    private IEnumerable<LlrpLine> JsonLine(string text, int number)
    {
        JsonElement? atMs = null;
        void About(Utf8JsonWriter json)
        {
            json.WriteNumber("line", number);
            if (atMs is { ValueKind: JsonValueKind.Number } at)
            {
                json.WritePropertyName("atMs");
                at.WriteTo(json);
            }
        }
        if (TryParse(text, out JsonElement line) && line.TryGetProperty("vectors", out JsonElement list) && list.ValueKind == JsonValueKind.Array)
        {
            foreach (LlrpLine vector in list.EnumerateArray().SelectMany(Vector))
            {
                yield return vector;
            }
            yield break;
        }
        if (line.ValueKind != JsonValueKind.Object || HexOf(line) is not { } hex || !HexLines.TryHex(hex, out byte[] bytes))
        {
            yield return LlrpLine.Error(About, "The line is not a JSON object whose field 'hex' holds hexadecimal bytes.", 0, []);
            yield break;
        }
        atMs = line.TryGetProperty("atMs", out JsonElement value) ? value : null;
        _framer.Append(bytes);
        foreach (LlrpLine frame in Frames(About))
        {
            yield return frame;
        }
        if (_framer.Waiting >= LlrpHeader.Size && IsLie(About) is { } lie)
        {
            Forget();
            yield return lie;
        }
    }

    private IEnumerable<LlrpLine> Document(string begin, StreamReader capture)
    {
        var text = new StringBuilder(begin);
        char[] block = new char[64 * 1024];
        for (int count; (count = capture.Read(block)) > 0;)
        {
            text.Append(block, 0, count);
            if (text.Length > MaxDocument)
            {
                return [LlrpLine.Error(null, $"A JSON file that is not lines may have {MaxDocument} characters; this one has more.", 0, [])];
            }
        }
        if (!TryParse(text.ToString(), out JsonElement root))
        {
            return [LlrpLine.Error(null, "The file is neither JSON lines nor one JSON document.", 0, [])];
        }
        JsonElement vectors = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("vectors", out JsonElement list) ? list : root;
        return vectors.ValueKind == JsonValueKind.Array
            ? vectors.EnumerateArray().SelectMany(Vector)
            : [LlrpLine.Error(null, "The JSON document is no list and has no list 'vectors'.", 0, [])];
    }

    private IEnumerable<LlrpLine> Vector(JsonElement vector, int index)
    {
        string? id = TextOf(vector, "id");
        void About(Utf8JsonWriter json)
        {
            if (id is null)
            {
                json.WriteNumber("vector", index);
            }
            else
            {
                json.WriteString("id", id);
            }
        }
        return HexOf(vector) is not { } hex || !HexLines.TryHex(hex, out byte[] bytes) ? [LlrpLine.Error(About, "The vector has no field 'hex' with hexadecimal bytes.", 0, [])]
            : TextOf(vector, "kind") == "parameter" ? [LlrpLine.OfParameters(About, bytes)]
            : Alone(bytes, About, 0);
    }

    /// <summary>Frames that have nothing to do with those before and after them, or parameters without a message around them.</summary>
    private IEnumerable<LlrpLine> Alone(byte[] bytes, Action<Utf8JsonWriter> about, int offset)
    {
        if (AreParameters(bytes))
        {
            yield return LlrpLine.OfParameters(about, bytes);
            yield break;
        }
        Forget();
        _at = offset;
        _framer.Append(bytes);
        foreach (LlrpLine frame in Frames(about))
        {
            yield return frame;
        }
        LlrpLine? rest = _framer.Waiting >= LlrpHeader.Size ? IsLie(about) : null;
        rest ??= Unfinished(about);
        Forget();
        if (rest is { } line)
        {
            yield return line;
        }
    }

    private IEnumerable<LlrpLine> Frames(Action<Utf8JsonWriter>? about)
    {
        while (_framer.Next(out ReadOnlyMemory<byte> frame) == FrameCut.Frame)
        {
            yield return LlrpLine.Of(about, frame, _at, _reports, _withTree);
            _at += frame.Length;
        }
    }

    private LlrpLine? IsLie(Action<Utf8JsonWriter>? about) =>
        LlrpHeader.TryRead(_framer.Unread, out LlrpHeader header) && !header.LengthIsPossible
            ? LlrpLine.Error(about, $"A message cannot have {header.Length} bytes, so nothing behind it can be cut: {LlrpHeader.Size} to {LlrpHeader.MaxMessageLength} are possible.",
                _at + 2, _framer.Unread)
            : null;

    private LlrpLine? Unfinished(Action<Utf8JsonWriter>? about)
    {
        if (_framer.Waiting == 0)
        {
            return null;
        }
        string what = LlrpHeader.TryRead(_framer.Unread, out LlrpHeader header)
            ? $"The message says that it has {header.Length} bytes, but the capture ends after {_framer.Waiting}."
            : $"The capture ends after {_framer.Waiting} of the {LlrpHeader.Size} bytes of a message header.";
        return LlrpLine.Error(about, what, _at, _framer.Unread);
    }

    private void Forget()
    {
        _at += _framer.Waiting;
        _framer.Reset();
    }

    private static string? HexOf(JsonElement element) => TextOf(element, "hex");

    private static string? TextOf(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static bool TryParse(string text, out JsonElement json)
    {
        try
        {
            json = JsonElement.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            json = default;
            return false;
        }
    }

    /// <summary>No message of version 1 or 2 begins as a TLV or a known TV does; one whose length fits is a message all the same.</summary>
    private static bool AreParameters(ReadOnlySpan<byte> bytes)
    {
        bool isMessage = LlrpHeader.TryRead(bytes, out LlrpHeader header) && header.Length == bytes.Length;
        int type = bytes.Length < 2 ? 0 : bytes[0] >= 0x80 ? bytes[0] & 0x7F : bytes[0] << 8 | bytes[1];
        return !isMessage && (type < 128 ? bytes[0] >= 0x80 && LlrpTable.Parameter(type) is not null : type < 0x400);
    }

    /// <returns>The first four bytes, or as many as there are.</returns>
    private static byte[] Peek(Stream stream)
    {
        byte[] first = new byte[4];
        return first[..stream.ReadAtLeast(first, first.Length, throwOnEndOfStream: false)];
    }

    /// <summary>A stream from which some bytes were read too many.</summary>
    private sealed class PushedBack(ReadOnlyMemory<byte> first, Stream rest) : Stream
    {
        private ReadOnlyMemory<byte> _first = first;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_first.IsEmpty)
            {
                return rest.Read(buffer, offset, count);
            }
            int taken = Math.Min(count, _first.Length);
            _first.Span[..taken].CopyTo(buffer.AsSpan(offset));
            _first = _first[taken..];
            return taken;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
