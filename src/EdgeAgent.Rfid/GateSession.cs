using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Rfid;

/// <summary>
/// One conversation with a reader: set it up for the gate, hand its reads to the shop, say goodbye. Everything the reader sends goes
/// through <see cref="HandleAsync"/>, also while an answer is awaited, for old reports come whenever the reader likes.
/// </summary>
internal sealed class GateSession(
    ReaderConfig config, LlrpConnection link, ReaderTraffic traffic, ReaderCounters counters, TimeProvider time, ChannelWriter<ShopInput> shop)
{
    /// <summary>The gate's ROSpec at the reader; any number but 0.</summary>
    private const uint RoSpecId = 1;

    private const int SilentPeriods = 3;

    private static readonly TimeSpan s_answerPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_goodbyePatience = TimeSpan.FromSeconds(2);

    private uint _lastId;
    private bool _mayTalk;

    /// <summary>What the reader refused of the settings though the session goes on; null when it took all.</summary>
    public string? RefusedSettings { get; private set; }

    /// <summary>Steps 1 to 6 of a gate session. Afterwards reports flow.</summary>
    /// <exception cref="ReaderFaultException">The reader refuses, or does not answer.</exception>
    public async Task OpenAsync(CancellationToken stop)
    {
        // 1. Nothing may be sent before the reader has said that the connection is ours (LLRP 1.0.1 section 20.1.1).
        traffic.Connected();
        link.Patience = s_answerPatience;
        await WaitForConnectionAsync(stop);
        _mayTalk = true;

        // 2. What can it do?
        ReaderCapabilities reader = await AskCapabilitiesAsync(stop);
        if (config.Antennas.FirstOrDefault(a => a.Id > reader.AntennaCount) is { } missing)
        {
            throw new ReaderFaultException(SensorReason.RejectedSettings,
                $"Antenna {missing.Id} is configured, but the reader has {reader.AntennaCount}.");
        }

        // 3. Events, keepalives, reports held back after a reconnect.
        await DemandAsync("SET_READER_CONFIG", MessageType.SetReaderConfigResponse,
            id => GateRequests.SetReaderConfig(id, TimeSpan.FromSeconds(config.KeepaliveSeconds), reader.CanHoldReports), stop);

        // 4. Away with what a crashed client left. A reader with nothing to delete may say so as an error.
        await AskAsync(MessageType.DeleteAccessSpecResponse, id => GateRequests.DeleteAccessSpec(id), stop);
        await AskAsync(MessageType.DeleteRoSpecResponse, id => GateRequests.DeleteRoSpec(id), stop);

        // 5. The inventory itself.
        await AddRoSpecAsync(reader, stop);
        await DemandAsync("ENABLE_ROSPEC", MessageType.EnableRoSpecResponse, static id => GateRequests.EnableRoSpec(id, RoSpecId), stop);
        await DemandAsync("START_ROSPEC", MessageType.StartRoSpecResponse, static id => GateRequests.StartRoSpec(id, RoSpecId), stop);

        // 6. Let the reports flow.
        await link.SendAsync(GateRequests.EnableEventsAndReports(++_lastId));
        link.Patience = SilentPeriods * TimeSpan.FromSeconds(config.KeepaliveSeconds);
    }

    /// <summary>Hands reads to the shop until the link ends.</summary>
    /// <exception cref="ReaderFaultException">Why it ended.</exception>
    public async Task ServeAsync(CancellationToken stop)
    {
        while (true)
        {
            FrameMeaning meaning = await HandleAsync(await link.ReadAsync(), stop);
            if (meaning is FrameMeaning.Response or FrameMeaning.ConnectionAttempt)
            {
                counters.Unsolicited++;
            }
        }
    }

    /// <summary>
    /// The agent stops: the reader shall not go on radiating for nobody. Waits a short time for the answer and gives up without complaint.
    /// Reads that still come are dropped, for the shop is closing.
    /// </summary>
    public async Task CloseAsync()
    {
        if (!_mayTalk)
        {
            return;
        }
        link.BeginGoodbye(s_goodbyePatience);
        long begin = time.GetTimestamp();
        await link.SendAsync(GateRequests.StopRoSpec(++_lastId, RoSpecId));
        await link.SendAsync(GateRequests.DeleteRoSpec(++_lastId, RoSpecId));
        await link.SendAsync(GateRequests.CloseConnection(++_lastId));
        while (time.GetElapsedTime(begin) < s_goodbyePatience)
        {
            ReadOnlyMemory<byte> frame = await link.ReadAsync();
            if (LlrpHeader.TryRead(frame.Span, out LlrpHeader header) && header.Type == MessageType.CloseConnectionResponse)
            {
                return;
            }
        }
    }

    private async Task WaitForConnectionAsync(CancellationToken stop)
    {
        long begin = time.GetTimestamp();
        while (await HandleAsync(await link.ReadAsync(), stop) != FrameMeaning.ConnectionAttempt)
        {
            ThrowIfLate(begin, "its connection event");
        }
        if (traffic.Attempt != ConnectionAttempt.Success)
        {
            SensorReason reason = ReaderTraffic.ReasonOf(traffic.Attempt);
            throw new ReaderFaultException(reason, reason == SensorReason.HeldByAnotherClient
                ? "Another client holds the reader."
                : $"The reader refused the connection with status {(int)traffic.Attempt}.");
        }
    }

    private async Task<ReaderCapabilities> AskCapabilitiesAsync(CancellationToken stop)
    {
        ReaderCapabilities? capabilities = null;
        LlrpStatus status = await AskAsync(MessageType.GetReaderCapabilitiesResponse, GateRequests.GetReaderCapabilities, stop,
            frame => ReaderCapabilities.TryRead(frame.Span[LlrpHeader.Size..], out capabilities));
        ThrowIfRefused("GET_READER_CAPABILITIES", status);
        return capabilities is { } known && known.AntennaCount > 0
            ? known
            : throw new ReaderFaultException(SensorReason.DamagedMessage, "The reader's capabilities cannot be understood.");
    }

    /// <summary>
    /// Adds the ROSpec; a reader that refuses it with transmit settings gets it once more without them, so that a wrong power entry
    /// does not close the gate. The refusal is kept for the caller to report: the field is then larger or smaller than wanted.
    /// </summary>
    private async Task AddRoSpecAsync(ReaderCapabilities reader, CancellationToken stop)
    {
        var spec = new GateRoSpec(
            RoSpecId,
            [.. config.Antennas.Select(static a => (ushort)a.Id)],
            config.Session,
            (ushort)config.TagPopulation,
            reader.PowerFor(config.TxPowerDbm)?.Index,
            reader.HopTableId,
            reader.HopTableId == 0 ? (ushort)1 : (ushort)0);
        LlrpStatus status = await AskAsync(MessageType.AddRoSpecResponse, id => GateRequests.AddRoSpec(id, spec), stop);
        if (!status.IsSuccess && spec.Power is not null)
        {
            RefusedSettings = $"The reader refused ADD_ROSPEC: {status}. It runs with its default power.";
            status = await AskAsync(MessageType.AddRoSpecResponse, id => GateRequests.AddRoSpec(id, spec with { Power = null }), stop);
        }
        ThrowIfRefused("ADD_ROSPEC", status);
    }

    private async Task DemandAsync(string name, MessageType answer, Func<uint, byte[]> request, CancellationToken stop) =>
        ThrowIfRefused(name, await AskAsync(answer, request, stop));

    /// <summary>Sends a request and handles everything that comes until its answer does. An answer belongs to it by message id.</summary>
    private async Task<LlrpStatus> AskAsync(
        MessageType answer, Func<uint, byte[]> request, CancellationToken stop, Action<ReadOnlyMemory<byte>>? take = null)
    {
        uint id = ++_lastId;
        long begin = time.GetTimestamp();
        await link.SendAsync(request(id));
        while (true)
        {
            ReadOnlyMemory<byte> frame = await link.ReadAsync();
            FrameMeaning meaning = await HandleAsync(frame, stop);
            if (meaning == FrameMeaning.Response && traffic.Header.Id == id && (traffic.Header.Type == answer || traffic.Header.Type == MessageType.ErrorMessage))
            {
                take?.Invoke(frame);
                return traffic.Status!;
            }
            if (meaning is FrameMeaning.Response or FrameMeaning.ConnectionAttempt)
            {
                counters.Unsolicited++;
            }
            ThrowIfLate(begin, answer.ToString());
        }
    }

    private async ValueTask<FrameMeaning> HandleAsync(ReadOnlyMemory<byte> frame, CancellationToken stop)
    {
        DateTimeOffset at = time.GetUtcNow();
        FrameMeaning meaning = traffic.Take(frame.Span, at);
        switch (meaning)
        {
            case FrameMeaning.Reads when traffic.ReadCount > 0:
                // The channel may be full: then this waits, TCP slows the reader down, and nothing is dropped.
                await shop.WriteAsync(new ShopInput.TagsRead(at, config.Id, traffic.TakeReads(at)), stop);
                break;
            case FrameMeaning.Keepalive when _mayTalk:
                await link.SendAsync(GateRequests.KeepaliveAck(traffic.Header.Id));
                break;
            case FrameMeaning.Damaged:
                await ReportLossAsync(at, SensorReason.DamagedMessage, stop);
                break;
            case FrameMeaning.BufferOverflow:
                await ReportLossAsync(at, SensorReason.BufferOverflow, stop);
                break;
            case FrameMeaning.Closed:
                _mayTalk = false;
                throw new ReaderFaultException(SensorReason.Unreachable, "The reader closed the connection.");
        }
        return meaning;
    }

    private ValueTask ReportLossAsync(DateTimeOffset at, SensorReason reason, CancellationToken stop) =>
        shop.WriteAsync(new ShopInput.SensorReported(at, SensorKind.Reader, config.Id, SensorState.Degraded, reason), stop);

    private void ThrowIfLate(long begin, string what)
    {
        if (time.GetElapsedTime(begin) > s_answerPatience)
        {
            throw new ReaderFaultException(SensorReason.Silent, $"The reader did not send {what} within {s_answerPatience.TotalSeconds} s.");
        }
    }

    private static void ThrowIfRefused(string name, LlrpStatus status)
    {
        if (!status.IsSuccess)
        {
            throw new ReaderFaultException(SensorReason.RejectedSettings, $"The reader refused {name}: {status}.");
        }
    }
}
