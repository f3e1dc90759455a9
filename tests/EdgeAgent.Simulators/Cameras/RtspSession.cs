using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace EdgeAgent.Simulators.Cameras;

/// <summary>One client of an <see cref="RtspCamera"/>: its requests answered, then the camera's packets between the answers.</summary>
internal sealed class RtspSession(Socket socket, string description) : IDisposable
{
    // Some seconds of pictures; who is farther behind is let go, as a camera does.
    private const int MostWaiting = 4096;
    private const int MaxRequestBytes = 16 * 1024;
    private const int RtpHeaderBytes = 12;

    private readonly Channel<byte[]> _leaving = Channel.CreateBounded<byte[]>(MostWaiting);
    private volatile bool _wanted;
    private volatile bool _playing;

    /// <summary>It has asked for pictures, and a key picture has come since.</summary>
    public bool IsPlaying => _playing;

    public void Dispose() => socket.Dispose();

    public async Task RunAsync(CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        Task[] both = [AnswerAsync(PipeReader.Create(stream), over.Token), SendAsync(stream, over.Token)];
        await Task.WhenAny(both);
        await over.CancelAsync();
        await Task.WhenAll(both).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // the client went away
        _playing = _wanted = false;
    }

    /// <summary>A packet of the camera with its four bytes before it (RFC 2326, 10.12). Nothing goes before the first key picture.</summary>
    public void Offer(byte[] framed)
    {
        if (!_playing && _wanted && framed[1] == 0 && StartsKeyPicture(framed.AsSpan(4)))
        {
            _playing = true;
        }
        if (_playing && !_leaving.Writer.TryWrite(framed))
        {
            _leaving.Writer.TryComplete();
        }
    }

    /// <summary>Whether an RTP packet of H.264 begins a picture that needs no other: NAL unit type 5, alone, in a fragment (28) or in an aggregate (24) (RFC 6184, 5).</summary>
    internal static bool StartsKeyPicture(ReadOnlySpan<byte> packet)
    {
        const int KeyPicture = 5;
        if (packet.Length < RtpHeaderBytes + 2)
        {
            return false;
        }
        ReadOnlySpan<byte> payload = packet[RtpHeaderBytes..];
        switch (payload[0] & 0x1F)
        {
            case KeyPicture:
                return true;
            case 28:
                return (payload[1] & 0x9F) == (0x80 | KeyPicture);
            case 24:
                for (int at = 1; at + 2 < payload.Length; at += 2 + (payload[at] << 8 | payload[at + 1]))
                {
                    if ((payload[at + 2] & 0x1F) == KeyPicture)
                    {
                        return true;
                    }
                }
                return false;
            default:
                return false;
        }
    }

    private async Task SendAsync(NetworkStream stream, CancellationToken cancel)
    {
        await foreach (byte[] bytes in _leaving.Reader.ReadAllAsync(cancel))
        {
            await stream.WriteAsync(bytes, cancel);
        }
    }

    private async Task AnswerAsync(PipeReader reader, CancellationToken cancel)
    {
        while (true)
        {
            ReadResult read = await reader.ReadAsync(cancel);
            ReadOnlySequence<byte> rest = read.Buffer;
            while (TryTake(ref rest, out string? request))
            {
                if (request is not null && !Answer(request))
                {
                    return;
                }
            }
            if (read.IsCompleted || rest.Length > MaxRequestBytes)
            {
                return;
            }
            reader.AdvanceTo(rest.Start, rest.End);
        }
    }

    /// <summary>One whole request, or null for a packet of the client (its receiver reports), which nobody needs.</summary>
    private static bool TryTake(ref ReadOnlySequence<byte> rest, out string? request)
    {
        request = null;
        if (rest.IsEmpty)
        {
            return false;
        }
        var bytes = new SequenceReader<byte>(rest);
        if (bytes.IsNext((byte)'$'))
        {
            if (rest.Length < 4)
            {
                return false;
            }
            bytes.Advance(2);
            bytes.TryReadBigEndian(out short signed);
            int length = (ushort)signed;
            if (bytes.Remaining < length)
            {
                return false;
            }
            rest = rest.Slice(4 + length);
            return true;
        }
        if (!bytes.TryReadTo(out ReadOnlySequence<byte> head, "\r\n\r\n"u8))
        {
            return false;
        }
        request = Encoding.ASCII.GetString(head);
        rest = rest.Slice(bytes.Position);
        return true;
    }

    /// <returns>False when the client says goodbye.</returns>
    private bool Answer(string request)
    {
        string[] lines = request.Split("\r\n");
        string[] first = lines[0].Split(' ');
        string number = lines.FirstOrDefault(l => l.StartsWith("CSeq:", StringComparison.OrdinalIgnoreCase))?[5..].Trim() ?? "0";
        string address = first.Length > 1 ? first[1] : "*";
        (string status, string[] headers, string body) = first[0] switch
        {
            "OPTIONS" => ("200 OK", ["Public: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN"], ""),
            "DESCRIBE" => ("200 OK", ["Content-Type: application/sdp", $"Content-Base: {address.TrimEnd('/')}/"], description),
            "SETUP" when request.Contains("RTP/AVP/TCP", StringComparison.Ordinal) =>
                ("200 OK", ["Transport: RTP/AVP/TCP;unicast;interleaved=0-1", "Session: 1;timeout=60"], ""),
            "SETUP" => ("461 Unsupported Transport", (string[])[], ""),
            "PLAY" or "GET_PARAMETER" or "TEARDOWN" => ("200 OK", ["Session: 1"], ""),
            _ => ("405 Method Not Allowed", [], ""),
        };
        var answer = new StringBuilder($"RTSP/1.0 {status}\r\nCSeq: {number}\r\n");
        foreach (string header in headers)
        {
            answer.Append(header).Append("\r\n");
        }
        answer.Append(CultureInfo.InvariantCulture, $"{(body.Length > 0 ? $"Content-Length: {body.Length}\r\n" : "")}\r\n{body}");
        _leaving.Writer.TryWrite(Encoding.ASCII.GetBytes(answer.ToString())); // who does not read is let go
        _wanted = _wanted || first[0] == "PLAY";
        return first[0] != "TEARDOWN";
    }
}
