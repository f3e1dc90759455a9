using System.Buffers.Binary;
using System.Net.Sockets;
using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Simulators.Gates;

/// <summary>One client at a scene's reader: answers it, keeps it alive, and sends it what the reader has.</summary>
internal sealed class GateReaderSession(Socket socket, GateReaderServer reader, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_slowAnswer = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<TimeSpan> _keepalive = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private uint _lastId;
    private volatile bool _released;

    /// <summary>The client has asked for reports and events.</summary>
    public bool Released => _released;

    public uint NextId() => Interlocked.Increment(ref _lastId);

    public async Task RunAsync(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            await SendAsync(reader.Encoder.ConnectionAttempt(NextId(), reader.Clock.Now, ConnectionAttempt.Success), either.Token);
            Task[] tasks = [AnswerAsync(either.Token), KeepAliveAsync(either.Token)];
            await Task.WhenAny([.. tasks, _over.Task]);
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

    /// <summary>Ends the connection: with a TCP reset, or as a program does that closes its socket. The client may be leaving at the same time.</summary>
    public void End(bool reset)
    {
        _released = false;
        try
        {
            socket.LingerState = new LingerOption(reset, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
        socket.Close();
        _over.TrySetResult();
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

    public void Dispose() => _sending.Dispose();

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
                return ReaderMessages.Response(MessageType.SetReaderConfigResponse, id, TakeConfig(body));
            case MessageType.GetReaderConfig:
                return ReaderConfig(header.Type + 10, id);
            case MessageType.AddRoSpec:
            case MessageType.DeleteRoSpec:
            case MessageType.StartRoSpec:
            case MessageType.StopRoSpec:
            case MessageType.EnableRoSpec:
            case MessageType.DisableRoSpec:
                return ReaderMessages.Response(header.Type + 10, id, reader.RoSpecs.Take(header.Type, body, reader.Clock.Now));
            case MessageType.GetRoSpecs:
                return reader.RoSpecs.Response(id, reader.Clock.Now);
            case MessageType.DeleteAccessSpec:
                return ReaderMessages.Response(MessageType.DeleteAccessSpecResponse, id);
            case MessageType.Custom when body.Length >= 5 && BinaryPrimitives.ReadUInt32BigEndian(body) == TagReportDecoder.ImpinjVendor
                && body[4] == GateRequests.ImpinjEnableExtensionsSubtype:
                return ReaderMessages.ImpinjExtensionsEnabled(id);
            case MessageType.GetReport:
                return reader.Encoder.Report(id, []);
            case MessageType.GetSupportedVersion:
                return ReaderMessages.ErrorMessage(id, StatusCode.UnsupportedVersion);
            case MessageType.CloseConnection:
                return ReaderMessages.Response(MessageType.CloseConnectionResponse, id);
            case MessageType.EnableEventsAndReports:
            case MessageType.KeepaliveAck:
                return null;
            default:
                return ReaderMessages.ErrorMessage(id, StatusCode.UnsupportedMessage);
        }
    }

    /// <summary>Behind the reset flag: KeepaliveSpec <c>type:8 | period:32 ms</c>, and what stays when the client has gone.</summary>
    private StatusCode TakeConfig(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return StatusCode.ParameterError;
        }
        bool good = true;
        var parameters = new ParameterReader(body[1..]);
        while (parameters.TryNext(out LlrpParameter parameter))
        {
            if (parameter.Type == ParameterType.KeepaliveSpec && parameter.Value.Length == 5 && parameter.Value[0] == 1)
            {
                _keepalive.TrySetResult(TimeSpan.FromMilliseconds(Math.Max(1, BinaryPrimitives.ReadUInt32BigEndian(parameter.Value[1..]))));
            }
            good &= reader.Pins.Take(parameter);
        }
        return parameters.Damaged ? StatusCode.ParameterError : good ? StatusCode.Success : StatusCode.ParameterFieldError;
    }

    private byte[] ReaderConfig(MessageType type, uint id)
    {
        LlrpWriter writer = new LlrpWriter(type, id).Tlv(ParameterType.LlrpStatus, static s => s.U16(0).U16(0));
        reader.Pins.Write(writer);
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
