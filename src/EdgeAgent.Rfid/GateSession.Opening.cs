using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Rfid;

/// <summary>How a session begins.</summary>
internal sealed partial class GateSession
{
    /// <summary>Steps 1 to 7 of a gate session. Afterwards reports flow.</summary>
    /// <exception cref="ReaderFaultException">The reader refuses, or does not answer.</exception>
    public async Task OpenAsync(CancellationToken stop)
    {
        // 1. Nothing may be sent before the reader has said that the connection is ours (LLRP 1.0.1 section 20.1.1).
        _traffic.Connected();
        link.Patience = s_connectPatience;
        await WaitForConnectionAsync(stop);
        _mayTalk = true;
        link.Patience = s_answerPatience;

        // 2. Which version? Most readers are not asked, see ReaderConfig.Protocol.
        if (reader.AsksVersion)
        {
            await NegotiateAsync(stop);
        }

        // 3. What can it do? An Impinj reader shows and takes its own settings only after it was told to.
        ReaderCapabilities able = await AskCapabilitiesAsync(stop);
        bool impinj = able.IsImpinj && (await AskAsync(MessageType.Custom, GateRequests.ImpinjEnableExtensions, stop)).IsSuccess;
        if (impinj)
        {
            able = await AskCapabilitiesAsync(stop);
        }
        if (reader.Config.Antennas.FirstOrDefault(a => a.Id > able.AntennaCount) is { } missing)
        {
            throw new ReaderFaultException(SensorReason.RejectedSettings,
                $"Antenna {missing.Id} is configured, but the reader has {able.AntennaCount}.");
        }
        _outputPins = able.GpoCount;
        _pulses = impinj;
        reader.LocksExpire = reader.Locks.Count == 0 ? null : impinj;

        // 4. Events, keepalives, input pins, reports held back after a reconnect.
        await SetReaderConfigAsync(able, stop);

        // 5. Away with what a crashed client left. A reader with nothing to delete may say so as an error; one whose ROSpec runs may want it disabled first.
        await AskAsync(MessageType.DeleteAccessSpecResponse, static id => GateRequests.DeleteAccessSpec(id), stop);
        if (!(await AskAsync(MessageType.DeleteRoSpecResponse, static id => GateRequests.DeleteRoSpec(id), stop)).IsSuccess)
        {
            await AskAsync(MessageType.DisableRoSpecResponse, static id => GateRequests.DisableRoSpec(id, 0), stop);
            await AskAsync(MessageType.DeleteRoSpecResponse, static id => GateRequests.DeleteRoSpec(id), stop);
        }

        // 6. The inventory itself. It starts by itself once it is enabled, or when a pin says so.
        await AddRoSpecAsync(able, impinj, stop);
        await DemandAsync("ENABLE_ROSPEC", MessageType.EnableRoSpecResponse, static id => GateRequests.EnableRoSpec(id, RoSpecId), stop);

        // 7. Let the reports flow.
        _traffic.Released(time.GetUtcNow());
        reader.Watch.Connected(time.GetUtcNow());
        await SendAsync(GateRequests.EnableEventsAndReports(NextId()));
    }

    private async Task WaitForConnectionAsync(CancellationToken stop)
    {
        long begin = time.GetTimestamp();
        while (await HandleAsync(await ReadAsync(), stop) != FrameMeaning.ConnectionAttempt)
        {
            ThrowIfLate(begin, s_connectPatience, "its connection event");
        }
        if (_traffic.Attempt != ConnectionAttempt.Success)
        {
            SensorReason reason = ReaderTraffic.ReasonOf(_traffic.Attempt);
            throw new ReaderFaultException(reason, reason == SensorReason.HeldByAnotherClient
                ? "Another client holds the reader."
                : $"The reader refused the connection with status {(int)_traffic.Attempt}.");
        }
    }

    /// <summary>
    /// A reader of 1.0.1 answers ERROR_MESSAGE 110; whatever else is not a clean yes means 1.0.1 too. A reader that ends the connection over
    /// the question is not asked again.
    /// </summary>
    private async Task NegotiateAsync(CancellationToken stop)
    {
        reader.AsksVersion = false;
        _traffic.Negotiating = true;
        int supported = 0;
        LlrpStatus status = await AskAsync(MessageType.GetSupportedVersionResponse, GateRequests.GetSupportedVersion, stop,
            frame => supported = frame.Span[LlrpHeader.Size + 1], damagedIsRefusal: true);
        if (status.IsSuccess && supported >= LlrpHeader.Version11)
        {
            status = await AskAsync(MessageType.SetProtocolVersionResponse, static id => GateRequests.SetProtocolVersion(id, LlrpHeader.Version11), stop);
            _traffic.Version = status.IsSuccess ? LlrpHeader.Version11 : LlrpHeader.Version101;
        }
        _traffic.Negotiating = false;
        reader.AsksVersion = true;
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

    /// <summary>Pins that the reader refuses cost the pins, not the gate.</summary>
    private async Task SetReaderConfigAsync(ReaderCapabilities able, CancellationToken stop)
    {
        var keepalive = TimeSpan.FromSeconds(reader.Config.KeepaliveSeconds);
        IReadOnlyList<int> pins = reader.Config.GpiPorts ?? [];
        if (able.GpiCount > 0 && pins.Where(p => p > able.GpiCount).ToArray() is { Length: > 0 } missing)
        {
            Refuse($"Input pin {missing[0]} is configured, but the reader has {able.GpiCount}.");
            pins = [.. pins.Except(missing)];
        }
        if (pins.Count > 0)
        {
            LlrpStatus status = await AskAsync(MessageType.SetReaderConfigResponse,
                id => GateRequests.SetReaderConfig(id, keepalive, able.CanHoldReports, pins), stop);
            if (status.IsSuccess)
            {
                return;
            }
            Refuse($"The reader refused its input pins: {status}. It works without them.");
        }
        await DemandAsync("SET_READER_CONFIG", MessageType.SetReaderConfigResponse,
            id => GateRequests.SetReaderConfig(id, keepalive, able.CanHoldReports), stop);
    }

    /// <summary>
    /// Adds the ROSpec; a reader that refuses it gets it once more with its own default power, hop table and modes, so that a wrong entry
    /// does not close the gate. The refusal is kept for the caller to report: the field is then larger or smaller than wanted.
    /// </summary>
    private async Task AddRoSpecAsync(ReaderCapabilities able, bool impinj, CancellationToken stop)
    {
        GateRoSpec spec = Wanted(able, impinj);
        LlrpStatus status = await AskAsync(MessageType.AddRoSpecResponse, id => GateRequests.AddRoSpec(id, spec), stop);
        GateRoSpec plain = spec with { Power = null, RfMode = null, Impinj = null };
        if (!status.IsSuccess && plain != spec)
        {
            Refuse($"The reader refused ADD_ROSPEC: {status}. It runs with its default power and modes.");
            status = await AskAsync(MessageType.AddRoSpecResponse, id => GateRequests.AddRoSpec(id, plain), stop);
        }
        ThrowIfRefused("ADD_ROSPEC", status);
    }

    private GateRoSpec Wanted(ReaderCapabilities able, bool impinj)
    {
        ReaderConfig config = reader.Config;
        if (config.RfMode is { } mode && able.RfModes is { } modes && !modes.Contains((uint)mode))
        {
            Refuse($"RF mode {mode} is configured, but the reader has {string.Join(", ", modes)}. It runs with its default mode.");
            config = config with { RfMode = null };
        }
        bool Reports(ReaderContent content) => config.ReportContents?.Contains(content) == true;
        PinStartConfig? start = config.StartTrigger;
        return new GateRoSpec(
            RoSpecId,
            [.. config.Antennas.Select(static a => (ushort)a.Id)],
            config.Session,
            (ushort)config.TagPopulation,
            able.PowerFor(config.TxPowerDbm)?.Index,
            able.HopTableId,
            able.HopTableId == 0 ? (ushort)1 : (ushort)0,
            RfMode: (ushort?)config.RfMode,
            Start: start is null ? RoSpecStart.AtOnce : RoSpecStart.OnPin,
            StartPort: (ushort)(start?.Port ?? 0),
            StartHigh: start?.High ?? true,
            RunMs: (uint)((start?.RunSeconds ?? 0) * 1000),
            Impinj: impinj
                ? new ImpinjSettings((ushort?)config.SearchMode, Reports(ReaderContent.Phase), Reports(ReaderContent.FineRssi), Reports(ReaderContent.Tid))
                : null);
    }

    /// <summary>Keeps the first refusal: what follows is often its consequence.</summary>
    private void Refuse(string sentence) => RefusedSettings ??= sentence;
}
