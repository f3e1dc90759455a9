using System.Text;
using System.Text.Json;

namespace EdgeAgent.Rfid.Llrp.Describe;

/// <summary>
/// A capture of LLRP, frame by frame, in whichever form it has: the bytes of a TCP stream, one frame in hexadecimal a line, JSON lines with a
/// field <c>hex</c> as an <c>llrp:</c> recording has them, or a JSON file with a list <c>vectors</c>.
/// </summary>
public sealed class LlrpCapture
{
    /// <summary>A JSON file that is not lines is read whole.</summary>
    private const int MaxDocument = 256 * 1024 * 1024;

    private readonly bool _withTree;
    private readonly LlrpFramer _framer = new();
    private readonly TagReportBuffer _reports = new();

    // Offset of the framer's next byte in the capture.
    private long _at;

    private LlrpCapture(bool withTree) => _withTree = withTree;

    /// <param name="withTree">Tag reports also as a tree, not only as tags.</param>
    /// <returns>One line for each frame and for each stretch that is none, read as they are asked for.</returns>
    /// <exception cref="IOException">The capture cannot be read on.</exception>
    public static IEnumerable<LlrpLine> Decode(Stream capture, bool withTree = false)
    {
        int first = Peek(capture, out Stream whole);
        var decoder = new LlrpCapture(withTree);
        return first switch
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
            if (text.Length == 0)
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
        // Only a recording goes on from line to line: its bytes are as they arrived.
        if (Unfinished(null) is { } rest)
        {
            yield return rest;
        }
    }

    private IEnumerable<LlrpLine> HexLine(string text, int number)
    {
        void About(Utf8JsonWriter json) => json.WriteNumber("line", number);
        return TryHex(text, out byte[] bytes) ? Alone(bytes, About) : [LlrpLine.Error(About, "The line is not hexadecimal.", 0, [])];
    }

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
        if (line.ValueKind != JsonValueKind.Object || HexOf(line) is not { } hex || !TryHex(hex, out byte[] bytes))
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
        return HexOf(vector) is not { } hex || !TryHex(hex, out byte[] bytes) ? [LlrpLine.Error(About, "The vector has no field 'hex' with hexadecimal bytes.", 0, [])]
            : TextOf(vector, "kind") == "parameter" ? [LlrpLine.OfParameters(About, bytes)]
            : Alone(bytes, About);
    }

    /// <summary>Frames that have nothing to do with those before and after them.</summary>
    private IEnumerable<LlrpLine> Alone(byte[] bytes, Action<Utf8JsonWriter> about)
    {
        _at = 0;
        Forget();
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

    /// <summary>Blanks, colons and bars may stand between digits, as people write frames.</summary>
    private static bool TryHex(string text, out byte[] bytes)
    {
        string digits = string.Concat(text.Where(static c => !char.IsWhiteSpace(c) && c is not (':' or '|')));
        bytes = new byte[digits.Length / 2];
        return digits.Length % 2 == 0 && digits.Length > 0
            && Convert.FromHexString(digits, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
    }

    /// <returns>The first byte, or -1 at the end; <paramref name="whole"/> begins with it again.</returns>
    private static int Peek(Stream stream, out Stream whole)
    {
        byte[] first = new byte[1];
        int count = stream.Read(first);
        whole = new PushedBack(count == 0 ? -1 : first[0], stream);
        return count == 0 ? -1 : first[0];
    }

    /// <summary>A stream from which one byte was read too many.</summary>
    private sealed class PushedBack(int first, Stream rest) : Stream
    {
        private int _first = first;

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
            if (_first < 0 || count == 0)
            {
                return rest.Read(buffer, offset, count);
            }
            buffer[offset] = (byte)_first;
            _first = -1;
            return 1;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
