using System.Buffers.Binary;
using System.Net.Sockets;
using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Simulators.Gates;

/// <summary>One client at a scene's reader: answers it, keeps it alive, and sends it what the reader has.</summary>
internal sealed class GateReaderSession(Socket socket, GateReaderServer reader, TimeProvider time) : IDisposable
{
    private const uint ImpinjVendor = 25882;

    // As in GATE.md's list of what readers answer; a client must cope with every one of them.
    private const MessageType GetReaderConfig = (MessageType)2;
    private const MessageType GetReaderConfigResponse = (MessageType)12;
    private const MessageType GetRoSpecs = (MessageType)26;
    private const MessageType GetSupportedVersion = (MessageType)46;
    private const MessageType GetReport = (MessageType)60;
    private const ParameterType GpoWriteData = (ParameterType)219;
    private const ParameterType GpiPortCurrentState = (ParameterType)225;

    private static readonly TimeSpan s_slowAnswer = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly CancellationTokenSource _over = new();
    private readonly TaskCompletionSource<TimeSpan> _keepalive = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private uint _lastId;
    private volatile bool _released;

    /// <summary>The client has asked for reports and events.</summary>
    public bool Released => _released;

    public uint NextId() => Interlocked.Increment(ref _lastId);

    public async Task RunAsync(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _over.Token);
        try
        {
            await SendAsync(reader.Encoder.ConnectionAttempt(NextId(), reader.Clock.Now, ConnectionAttempt.Success), either.Token);
            Task[] tasks = [AnswerAsync(either.Token), KeepAliveAsync(either.Token)];
            await Task.WhenAny(tasks);
            await either.CancelAsync();
            await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went away, or a fault of the scene ended the connection.
        }
        finally
        {
            _released = false;
            socket.Close();
        }
    }

    /// <summary>The client has closed its side.</summary>
    public bool ClientGone
    {
        get
        {
            try
            {
                return socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return true;
            }
        }
    }

    /// <summary>From now on reports and events go to this client.</summary>
    public void Release() => _released = true;

    /// <summary>Ends the connection: with a TCP reset, or as a program does that closes its socket.</summary>
    public void End(bool reset)
    {
        if (reset)
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        _released = false;
        socket.Close();
        _over.Cancel();
    }

    /// <summary>Sends unless the connection is half open; false when the client is gone.</summary>
    public async Task<bool> TrySendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        try
        {
            await SendAsync(bytes, cancel);
            return true;
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _sending.Dispose();
        _over.Dispose();
    }

    private async Task AnswerAsync(CancellationToken cancel)
    {
        var framer = new LlrpFramer();
        while (true)
        {
            int count = await socket.ReceiveAsync(framer.Room(), cancel);
            if (count == 0)
            {
                return;
            }
            framer.Advance(count);
            FrameCut cut;
            while ((cut = framer.Next(out ReadOnlyMemory<byte> frame)) == FrameCut.Frame)
            {
                LlrpHeader.TryRead(frame.Span, out LlrpHeader header);
                uint id = header.Id + (reader.IsActive(WireFaultKind.WrongId) ? 1000u : 0);
                byte[]? answer = Answer(header, id, frame.Span[LlrpHeader.Size..]);
                if (answer is not null)
                {
                    if (reader.IsActive(WireFaultKind.SlowAck))
                    {
                        await Task.Delay(s_slowAnswer, time, cancel);
                    }
                    await SendAsync(answer, cancel);
                }
                if (header.Type == MessageType.EnableEventsAndReports)
                {
                    await reader.ReleaseAsync(this, cancel);
                }
                if (header.Type == MessageType.CloseConnection)
                {
                    return;
                }
            }
            if (cut == FrameCut.LengthLie)
            {
                return;
            }
        }
    }

    private byte[]? Answer(LlrpHeader header, uint id, ReadOnlySpan<byte> body)
    {
        switch (header.Type)
        {
            case MessageType.GetReaderCapabilities:
                return ReaderMessages.CapabilitiesResponse(id, reader.Capabilities);
            case MessageType.SetReaderConfig:
                TakeConfig(body);
                return ReaderMessages.Response(MessageType.SetReaderConfigResponse, id);
            case GetReaderConfig:
                return ReaderConfig(id);
            case MessageType.AddRoSpec:
            case MessageType.DeleteRoSpec:
            case MessageType.StartRoSpec:
            case MessageType.StopRoSpec:
            case MessageType.EnableRoSpec:
                return ReaderMessages.Response(header.Type + 10, id, reader.RoSpecs.Take(header.Type, body));
            case MessageType.DeleteAccessSpec:
            case GetRoSpecs:
                return ReaderMessages.Response(header.Type + 10, id);
            case MessageType.Custom when body.Length >= 5 && BinaryPrimitives.ReadUInt32BigEndian(body) == ImpinjVendor && body[4] == 21:
                return new LlrpWriter(MessageType.Custom, id).U32(ImpinjVendor).U8(22).Tlv(ParameterType.LlrpStatus, static s => s.U16(0).U16(0)).ToFrame();
            case GetReport:
                return reader.Encoder.Report(id, []);
            case GetSupportedVersion:
                return ReaderMessages.Response(MessageType.ErrorMessage, id, StatusCode.UnsupportedVersion);
            case MessageType.CloseConnection:
                return ReaderMessages.Response(MessageType.CloseConnectionResponse, id);
            case MessageType.EnableEventsAndReports:
            case MessageType.KeepaliveAck:
                return null;
            default:
                return ReaderMessages.Response(MessageType.ErrorMessage, id, StatusCode.UnsupportedMessage);
        }
    }

    /// <summary>Behind the reset flag: KeepaliveSpec <c>type:8 | period:32 ms</c>, GPOWriteData <c>port:16 | on:1 reserved:7</c>.</summary>
    private void TakeConfig(ReadOnlySpan<byte> body)
    {
        var parameters = new ParameterReader(body[1..]);
        while (parameters.TryNext(out LlrpParameter parameter))
        {
            if (parameter.Type == ParameterType.KeepaliveSpec && parameter.Value.Length == 5 && parameter.Value[0] == 1)
            {
                _keepalive.TrySetResult(TimeSpan.FromMilliseconds(Math.Max(1, BinaryPrimitives.ReadUInt32BigEndian(parameter.Value[1..]))));
            }
            else if (parameter.Type == GpoWriteData && parameter.Value.Length == 3)
            {
                reader.SetOutput(BinaryPrimitives.ReadUInt16BigEndian(parameter.Value), (parameter.Value[2] & 0x80) != 0);
            }
        }
    }

    /// <summary>The inputs as they are now; GPIPortCurrentState <c>port:16 | config:1 reserved:7 | state:8</c>, 0 low and 1 high.</summary>
    private byte[] ReaderConfig(uint id)
    {
        var writer = new LlrpWriter(GetReaderConfigResponse, id);
        writer.Tlv(ParameterType.LlrpStatus, static s => s.U16(0).U16(0));
        for (ushort port = 1; port <= GateReaderServer.Inputs; port++)
        {
            ushort number = port;
            writer.Tlv(GpiPortCurrentState, g => g.U16(number).U8(0x80).U8(reader.IsInputHigh(number) ? 1 : 0));
        }
        return writer.ToFrame();
    }

    private async Task KeepAliveAsync(CancellationToken cancel)
    {
        TimeSpan period = await _keepalive.Task.WaitAsync(cancel);
        using var timer = new PeriodicTimer(period, time);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            if (!reader.IsActive(WireFaultKind.NoKeepalive))
            {
                await SendAsync(ReaderMessages.Keepalive(NextId()), cancel);
            }
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        if (reader.IsActive(WireFaultKind.HalfOpen))
        {
            return; // as if the cable were cut: lost, and nobody is told
        }
        await _sending.WaitAsync(cancel);
        try
        {
            int chunk = reader.Wire.ChunkBytes > 0 ? reader.Wire.ChunkBytes : bytes.Length;
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await socket.SendAsync(bytes[..Math.Min(chunk, bytes.Length)], cancel)..];
            }
        }
        finally
        {
            _sending.Release();
        }
    }
}

/// <summary>The one ROSpec that the reader keeps, also when its client has crashed.</summary>
internal sealed class ReaderRoSpecs
{
    private uint? _id;
    private bool _enabled;

    public bool Running { get; private set; }

    public void Forget() => (_id, _enabled, Running) = (null, false, false);

    public StatusCode Take(MessageType type, ReadOnlySpan<byte> body)
    {
        // ADD_ROSPEC begins with the ROSpec parameter, the others with its number; 0 means all.
        int at = type == MessageType.AddRoSpec ? 4 : 0;
        if (body.Length < at + 4)
        {
            return StatusCode.ParameterError;
        }
        uint id = BinaryPrimitives.ReadUInt32BigEndian(body[at..]);
        if (type == MessageType.AddRoSpec)
        {
            if (_id is not null)
            {
                return StatusCode.FieldError; // one is left of a client that crashed
            }
            _id = id;
            return StatusCode.Success;
        }
        if (type == MessageType.DeleteRoSpec && (id == 0 || id == _id))
        {
            Forget();
            return StatusCode.Success;
        }
        if (id != _id || (type == MessageType.StopRoSpec && !Running))
        {
            return StatusCode.FieldError;
        }
        _enabled |= type == MessageType.EnableRoSpec;
        Running = type == MessageType.StartRoSpec ? _enabled : type == MessageType.StopRoSpec ? false : Running;
        return type == MessageType.StartRoSpec && !_enabled ? StatusCode.FieldError : StatusCode.Success;
    }
}
