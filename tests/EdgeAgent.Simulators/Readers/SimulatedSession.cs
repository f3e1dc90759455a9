using System.Buffers.Binary;
using System.Net.Sockets;
using System.Threading.Channels;
using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Simulators.Readers;

/// <summary>The reader's side of one connection.</summary>
internal sealed class SimulatedSession(
    Socket socket, TimeProvider time, TimeSpan clockError, ReaderCapabilities capabilities, ChannelWriter<byte[]> received) : IDisposable
{
    /// <summary>How an RFTransmitter parameter begins: type 224, ten bytes.</summary>
    private static readonly byte[] s_rfTransmitter = [0x00, 0xE0, 0x00, 0x0A];

    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<TimeSpan> _keepalive = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private uint _lastId;
    private volatile bool _silent;

    public async Task PlayAsync(ReaderScript script, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        ConnectionAttempt status = script.HeldByAnotherClient ? ConnectionAttempt.FailedClientInitiatedExists : ConnectionAttempt.Success;
        try
        {
            await SendAsync(ReaderMessages.ConnectionAttemptEvent(NextId(), Now(), status), over.Token);
            if (script.HeldByAnotherClient)
            {
                return;
            }
            Task[] tasks = [AnswerAsync(script, over.Token), StepAsync(script, over.Token), KeepAliveAsync(over.Token)];
            // Whichever ends first ends the connection: the client left, or the script dropped it.
            Task first = await Task.WhenAny(tasks);
            await over.CancelAsync();
            await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await first;
        }
        catch (Exception e) when (e is SocketException or IOException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            // The client went away: the next one may come.
        }
        finally
        {
            socket.Close();
        }
    }

    public void Dispose() => _sending.Dispose();

    private async Task AnswerAsync(ReaderScript script, CancellationToken cancel)
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
                byte[] message = frame.ToArray();
                LlrpHeader.TryRead(message, out LlrpHeader header);
                received.TryWrite(message); // unbounded
                if (!_silent && Answer(script, header, message) is { } answer)
                {
                    await SendAsync(answer, cancel);
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

    private byte[]? Answer(ReaderScript script, LlrpHeader header, byte[] message)
    {
        switch (header.Type)
        {
            case MessageType.GetReaderCapabilities:
                return ReaderMessages.CapabilitiesResponse(header.Id, capabilities);
            case MessageType.SetReaderConfig:
                TakeKeepalive(message);
                return ReaderMessages.Response(MessageType.SetReaderConfigResponse, header.Id);
            case MessageType.AddRoSpec:
                bool refused = script.RefusesPower && message.AsSpan().IndexOf(s_rfTransmitter) >= 0;
                return ReaderMessages.Response(MessageType.AddRoSpecResponse, header.Id, refused ? StatusCode.ParameterError : StatusCode.Success);
            case MessageType.DeleteRoSpec:
            case MessageType.StartRoSpec:
            case MessageType.StopRoSpec:
            case MessageType.EnableRoSpec:
            case MessageType.DeleteAccessSpec:
                return ReaderMessages.Response(header.Type + 10, header.Id);
            case MessageType.EnableEventsAndReports:
                _released.TrySetResult();
                return null;
            case MessageType.CloseConnection:
                return ReaderMessages.Response(MessageType.CloseConnectionResponse, header.Id);
            default:
                return null;
        }
    }

    private async Task StepAsync(ReaderScript script, CancellationToken cancel)
    {
        await _released.Task.WaitAsync(cancel);
        DateTimeOffset start = time.GetUtcNow();
        foreach (ReaderStep step in script.Steps)
        {
            TimeSpan wait = start + step.At - time.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancel);
            }
            switch (step)
            {
                case ReaderStep.Report report:
                    TagReport[] tags = [.. report.Sightings.Select(s => s.ToReport(start + s.At + clockError))];
                    await SendAsync(ReaderMessages.RoAccessReport(NextId(), tags), cancel);
                    break;
                case ReaderStep.Raw raw:
                    await SendAsync(raw.Bytes, cancel);
                    break;
                case ReaderStep.Keepalive keepalive:
                    await SendAsync(ReaderMessages.Keepalive(keepalive.Id), cancel);
                    break;
                case ReaderStep.Silence:
                    _silent = true;
                    break;
                case ReaderStep.Drop:
                    return;
            }
        }
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancel);
    }

    private async Task KeepAliveAsync(CancellationToken cancel)
    {
        TimeSpan period = await _keepalive.Task.WaitAsync(cancel);
        using var timer = new PeriodicTimer(period, time);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            if (!_silent)
            {
                await SendAsync(ReaderMessages.Keepalive(NextId()), cancel);
            }
        }
    }

    /// <summary>KeepaliveSpec behind the reset flag: <c>type:8 | period:32 ms</c>.</summary>
    private void TakeKeepalive(ReadOnlySpan<byte> message)
    {
        var parameters = new ParameterReader(message[(LlrpHeader.Size + 1)..]);
        while (parameters.TryNext(out LlrpParameter parameter))
        {
            if (parameter.Type == ParameterType.KeepaliveSpec && parameter.Value.Length == 5 && parameter.Value[0] == 1)
            {
                _keepalive.TrySetResult(TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32BigEndian(parameter.Value[1..])));
            }
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        await _sending.WaitAsync(cancel);
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await socket.SendAsync(bytes, cancel)..];
            }
        }
        finally
        {
            _sending.Release();
        }
    }

    private uint NextId() => Interlocked.Increment(ref _lastId);

    private ulong Now() => ReaderSighting.Micros(time.GetUtcNow() + clockError);
}
