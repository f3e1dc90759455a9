using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace EdgeAgent.Vision.Cameras;

/// <summary>
/// What a child of ffmpeg's family says on its standard error, read on a thread of its own: complaints are counted and the last ones kept; from the
/// chatter of a decoder that was asked for it, which pictures can be believed, and their shape. Allocates for complaints only.
/// </summary>
internal sealed class FfmpegWords
{
    private const int KeptLines = 6;
    private const int LongestLine = 4096;

    private readonly object _lock = new();
    private readonly Thread _reader;
    private readonly Queue<string> _lines = new();

    private readonly PictureTrust _trust = new();

    // For each picture that was announced and not yet asked for: whether it can be believed.
    private readonly Queue<bool> _pictures = new();
    private (int Width, int Height)? _shape;
    private bool _reshaped;
    private bool _inputCut;
    private int _complaints;
    private bool _damaged;
    private bool _ended;

    // Touched by the reading thread alone. Without levels in the lines each of them is a complaint.
    private bool _isComplaint = true;

    public FfmpegWords(Stream errors)
    {
        _reader = new Thread(() => Read(errors)) { IsBackground = true, Name = "decoder's words" };
        _reader.Start();
    }

    /// <summary>Pictures that come now are damaged, or made from damaged ones. From any thread.</summary>
    public bool IsDamaged => Volatile.Read(ref _damaged);

    /// <summary>The camera sends pictures of other proportions than at first, and ffmpeg squeezes them into the first ones. From any thread.</summary>
    public bool IsReshaped => Volatile.Read(ref _reshaped);

    /// <summary>
    /// Whether the next picture can be believed, in the order of pictures. Waits until the decoder has said that it has made it, which it says before it
    /// writes the picture: so a recording has the same damaged pictures each time.
    /// </summary>
    public bool BelievesNext()
    {
        lock (_lock)
        {
            while (_pictures.Count == 0 && !_ended)
            {
                Monitor.Wait(_lock);
            }
            return _pictures.TryDequeue(out bool believed) ? believed : !_trust.IsDamaged;
        }
    }

    /// <summary>Call when the child is gone: waits for its last word.</summary>
    public FfmpegEnd End(int exitCode)
    {
        _reader.Join();
        return new FfmpegEnd(exitCode, [.. _lines], _complaints, _inputCut);
    }

    private void Read(Stream errors)
    {
        byte[] buffer = new byte[LongestLine];
        int held = 0;
        try
        {
            while (errors.Read(buffer, held, buffer.Length - held) is int read and > 0)
            {
                held += read;
                int start = 0;
                while (buffer.AsSpan(start, held - start).IndexOfAny((byte)'\n', (byte)'\r') is int length and >= 0)
                {
                    Note(buffer.AsSpan(start, length));
                    start += length + 1;
                }
                if (start == 0 && held == buffer.Length)
                {
                    Note(buffer);
                    start = held;
                }
                held -= start;
                Buffer.BlockCopy(buffer, start, buffer, 0, held);
            }
            Note(buffer.AsSpan(0, held));
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
            // The pipe went with the child.
        }
        lock (_lock)
        {
            _ended = true;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>A line is "[context @ 0x55d3a80c9980] [level] text", without the context where ffmpeg itself speaks, and without levels unless they were asked for.</summary>
    private void Note(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> text = line;
        bool ofGraph = false, ofShow = false;
        for (int tags = 0; tags < 2 && text.StartsWith("["u8) && text.IndexOf("] "u8) is int end and > 0; tags++)
        {
            ReadOnlySpan<byte> tag = text[1..end];
            text = text[(end + 2)..];
            if (tag.SequenceEqual("error"u8) || tag.SequenceEqual("fatal"u8) || tag.SequenceEqual("panic"u8))
            {
                _isComplaint = true;
                break;
            }
            if (tag.SequenceEqual("warning"u8) || tag.SequenceEqual("info"u8) || tag.SequenceEqual("verbose"u8) || tag.SequenceEqual("debug"u8))
            {
                _isComplaint = false;
                break;
            }
            ofGraph = tag.StartsWith("graph 0 input"u8);
            ofShow = tag.StartsWith("Parsed_showinfo"u8);
        }
        lock (_lock)
        {
            if (_isComplaint)
            {
                Complain(text);
            }
            else if (ofShow)
            {
                Show(text);
            }
            else if (text.StartsWith("frame:"u8))
            {
                _pictures.Enqueue(_trust.Believes(Seconds(text)));
                Monitor.PulseAll(_lock);
            }
            else if (text.IndexOf("corrupt decoded frame"u8) >= 0)
            {
                _trust.Patched();
            }
            else if (text.StartsWith("Packet corrupt"u8) || text.StartsWith("concealing "u8))
            {
                _trust.Complain();
            }
            else if (text.StartsWith("Stream mapping:"u8))
            {
                _trust.Begin();
            }
            else if (ofGraph && TryShape(text, out (int, int) shape))
            {
                Shape(shape);
            }
            Volatile.Write(ref _damaged, _trust.IsDamaged);
        }
    }

    private void Complain(ReadOnlySpan<byte> text)
    {
        string words = Encoding.UTF8.GetString(text).Trim();
        if (words.Length == 0)
        {
            return;
        }
        _complaints++;
        _trust.Complain();
        // Words of libavformat 5.1: mov.c and isom "partial file", matroskadec.c "File ended prematurely", avidec.c and others "Truncated".
        _inputCut |= words.Contains("partial file", StringComparison.Ordinal)
            || words.Contains("ended prematurely", StringComparison.Ordinal)
            || words.Contains("runcated", StringComparison.Ordinal);
        _lines.Enqueue(FfmpegCommand.WithoutPassword(words.Length <= 200 ? words : words[..200]));
        if (_lines.Count > KeptLines)
        {
            _lines.Dequeue();
        }
    }

    /// <summary>"n:   1 pts:   9000 pts_time:0.1     pos:    23876 fmt:yuv420p sar:1/1 s:384x288 i:P iskey:0 type:B", for each picture that is decoded (vf_showinfo.c).</summary>
    private void Show(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("n:"u8) && text.IndexOf(" iskey:"u8) is int key and > 0)
        {
            _trust.Show(Seconds(text), key: text[(key + 7)..].StartsWith("1"u8), between: text[key..].IndexOf(" type:B"u8) >= 0);
        }
    }

    /// <summary>What stands behind "pts_time:"; NaN for a picture without a time.</summary>
    private static double Seconds(ReadOnlySpan<byte> text) =>
        text.IndexOf("pts_time:"u8) is int at and >= 0 && Utf8Parser.TryParse(text[(at + 9)..], out double seconds, out _) ? seconds : double.NaN;

    private void Shape((int Width, int Height) now)
    {
        (int Width, int Height) first = _shape ??= now;
        // Within a hundredth the proportions are the same: sizes are rounded to whole blocks.
        _reshaped = Math.Abs(((double)now.Width * first.Height) - ((double)now.Height * first.Width)) > 0.01 * now.Width * first.Height;
    }

    /// <summary>"w:640 h:480 pixfmt:…", written by the source of the filters whenever the pictures change (buffersrc.c).</summary>
    private static bool TryShape(ReadOnlySpan<byte> text, out (int Width, int Height) shape)
    {
        shape = default;
        int space = text.IndexOf(" h:"u8);
        if (!text.StartsWith("w:"u8) || space < 0)
        {
            return false;
        }
        ReadOnlySpan<byte> height = text[(space + 3)..];
        int end = height.IndexOf((byte)' ');
        return end > 0
            && int.TryParse(text[2..space], NumberStyles.None, CultureInfo.InvariantCulture, out shape.Width) && shape.Width > 0
            && int.TryParse(height[..end], NumberStyles.None, CultureInfo.InvariantCulture, out shape.Height) && shape.Height > 0;
    }
}
