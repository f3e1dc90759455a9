using System.Buffers.Binary;
using System.Net.Sockets;
using System.Threading.Channels;
using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Simulators.Readers;

/// <summary>The reader's side of one connection.</summary>
internal sealed partial class SimulatedSession(
    Socket socket, Stream stream, SimulatedDevice device, ReaderScript script, ChannelWriter<byte[]> received) : IDisposable
{
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<TimeSpan> _keepalive = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ReaderFaults _faults = script.Faults;
    private uint _lastId;
    private volatile bool _silent;

    public async Task PlayAsync(CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        ConnectionAttempt status = script.HeldByAnotherClient ? ConnectionAttempt.FailedClientInitiatedExists : ConnectionAttempt.Success;
        try
        {
            await SendAsync(ReaderMessages.Event(NextId(), NowUs(), [0x01, 0x00, 0x00, 0x06, 0x00, (byte)status], _faults.UptimeOnly), over.Token);
            if (script.HeldByAnotherClient)
            {
                return;
            }
            Task[] tasks = [AnswerAsync(over.Token), StepAsync(over.Token), KeepAliveAsync(over.Token)];
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

    private async Task AnswerAsync(CancellationToken cancel)
    {
        var framer = new LlrpFramer();
        while (true)
        {
            int count = await stream.ReadAsync(framer.Room(), cancel);
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
                if (!_silent && Answer(header, message) is { } answer)
                {
                    if (_faults.AnswerDelay > TimeSpan.Zero)
                    {
                        await Task.Delay(_faults.AnswerDelay, device.Time, cancel);
                    }
                    await SendAsync(Numbered(answer), cancel);
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

    private async Task StepAsync(CancellationToken cancel)
    {
        await _released.Task.WaitAsync(cancel);
        DateTimeOffset start = device.Time.GetUtcNow();
        foreach (ReaderStep step in script.Steps)
        {
            TimeSpan wait = start + step.At - device.Time.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, device.Time, cancel);
            }
            switch (step)
            {
                case ReaderStep.Report report:
                    TagReport[] tags = [.. report.Sightings.Select(s => Seen(s, start + s.At))];
                    await SendAsync(ReaderMessages.RoAccessReport(NextId(), tags), cancel);
                    break;
                case ReaderStep.Event happening:
                    DateTimeOffset at = happening.Happened is { } then ? start + then : device.Time.GetUtcNow();
                    ulong us = _faults.UptimeOnly ? device.UptimeUs(at) : device.ClockUs(at);
                    await SendAsync(ReaderMessages.Event(NextId(), us, Convert.FromHexString(happening.Parameter), _faults.UptimeOnly), cancel);
                    break;
                case ReaderStep.Raw raw:
                    await SendAsync(raw.Bytes, cancel);
                    break;
                case ReaderStep.Keepalive keepalive:
                    await SendAsync(ReaderMessages.Keepalive(keepalive.Id), cancel);
                    break;
                case ReaderStep.ClockJump jump:
                    device.ClockError += jump.By;
                    break;
                case ReaderStep.Silence:
                    _silent = true;
                    break;
                case ReaderStep.Reset:
                    socket.LingerState = new LingerOption(true, 0);
                    return;
                case ReaderStep.Reboot:
                    device.HasRoSpec = device.RoSpecEnabled = false;
                    device.ClockError = DateTimeOffset.UnixEpoch - device.Time.GetUtcNow();
                    return;
                case ReaderStep.Drop:
                    return;
            }
        }
        await Task.Delay(Timeout.InfiniteTimeSpan, device.Time, cancel);
    }

    private TagReport Seen(ReaderSighting sighting, DateTimeOffset at)
    {
        TagReport report = sighting.ToReport(at + device.ClockError);
        if (_faults.UptimeOnly)
        {
            report.FirstSeenUptimeUs = report.LastSeenUptimeUs = device.UptimeUs(at);
            report.Known = (report.Known & ~(TagFields.FirstSeenUtc | TagFields.LastSeenUtc)) | TagFields.FirstSeenUptime | TagFields.LastSeenUptime;
        }
        return report;
    }

    private async Task KeepAliveAsync(CancellationToken cancel)
    {
        TimeSpan period = await _keepalive.Task.WaitAsync(cancel);
        using var timer = new PeriodicTimer(period, device.Time);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            if (!_silent && !_faults.NoKeepalives)
            {
                await SendAsync(ReaderMessages.Keepalive(NextId()), cancel);
            }
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        await _sending.WaitAsync(cancel);
        try
        {
            int piece = _faults.ChunkBytes > 0 ? _faults.ChunkBytes : bytes.Length;
            while (!bytes.IsEmpty)
            {
                ReadOnlyMemory<byte> part = bytes[..Math.Min(piece, bytes.Length)];
                await stream.WriteAsync(part, cancel);
                await stream.FlushAsync(cancel);
                bytes = bytes[part.Length..];
            }
        }
        finally
        {
            _sending.Release();
        }
    }

    private byte[] Numbered(byte[] answer)
    {
        if (_faults.OwnIds)
        {
            BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(6), 0xF0000000 + NextId());
        }
        return answer;
    }

    private uint NextId() => Interlocked.Increment(ref _lastId);

    private ulong NowUs() => _faults.UptimeOnly ? device.UptimeUs(device.Time.GetUtcNow()) : device.ClockUs(device.Time.GetUtcNow());
}
