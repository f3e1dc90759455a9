using EdgeAgent.Core;
using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Rfid;

/// <summary>What one frame from a reader means to the gate.</summary>
internal enum FrameMeaning
{
    /// <summary>Nothing to do: an event that is only counted, or a message nobody needs.</summary>
    Nothing,

    /// <summary>Tag reads, maybe none.</summary>
    Reads,

    /// <summary>The message could not be understood and its contents are lost; the connection goes on.</summary>
    Damaged,

    Keepalive,

    /// <summary>An answer with a status.</summary>
    Response,

    /// <summary>The reader's answer to our connecting.</summary>
    ConnectionAttempt,

    /// <summary>Somebody else tried to connect to the reader while it is ours.</summary>
    AnotherClient,

    /// <summary>The reader ends the connection: send nothing more.</summary>
    Closed,
}

/// <summary>
/// Reads the frames of one reader in their order, live and in a replay alike: tag reports become reads with agent time, events are
/// counted, pins and faults become news. Keeps the reader's clock through reconnects. Not thread-safe.
/// </summary>
internal sealed class ReaderTraffic(ReaderCounters counters, ReaderWatch? watch = null)
{
    /// <summary>Older than the longest window that a gate may wait for (60 s, and 30 s for late reads): it can belong to no passage any more.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(90);

    /// <summary>What a read without RSSI gets: the weakest that a report can hold, so that it is never taken for strong.</summary>
    public const float UnknownRssiDbm = -128;

    private static readonly byte[] s_impinjResponse = [0x00, 0x00, 0x65, 0x1A, 22];

    // Per reader.
    private readonly ReaderClock _utc = new();
    private readonly ReaderClock _uptime = new();

    // Per connection.
    private readonly LastTagValues _last = new();

    // Per frame: valid after Take said what the frame was.
    private readonly TagReportBuffer _reports = new();
    private ReaderNotification _notification;
    private NotificationKinds _news;
    private bool _clockJumped;
    private string _exception = "";

    public LlrpHeader Header { get; private set; }

    /// <summary>After <see cref="FrameMeaning.ConnectionAttempt"/>.</summary>
    public ConnectionAttempt Attempt => _notification.Attempt;

    /// <summary>After <see cref="FrameMeaning.Response"/>.</summary>
    public LlrpStatus? Status { get; private set; }

    /// <summary>After <see cref="FrameMeaning.Reads"/>: how many.</summary>
    public int ReadCount => _reports.Count;

    /// <summary>The version that the reader has agreed to; messages of another one are thrown away.</summary>
    public int Version { get; set; } = LlrpHeader.Version101;

    /// <summary>While versions are talked about, answers of both are understood.</summary>
    public bool Negotiating { get; set; }

    /// <summary>The frame just taken holds something for <see cref="TakeNews"/>.</summary>
    public bool HasNews => _clockJumped || _news != NotificationKinds.None;

    /// <summary>A connection begins: values left out by the reader refer to nothing any more.</summary>
    public void Connected()
    {
        Version = LlrpHeader.Version101;
        Negotiating = false;
        _last.Forget();
    }

    /// <summary>Reports may come from now on, those first that the reader has kept.</summary>
    public void Released(DateTimeOffset at)
    {
        _utc.Released(at);
        _uptime.Released(at);
    }

    public static SensorReason ReasonOf(ConnectionAttempt refusal) =>
        refusal is ConnectionAttempt.FailedReaderInitiatedExists or ConnectionAttempt.FailedClientInitiatedExists
            ? SensorReason.HeldByAnotherClient
            : SensorReason.Refused;

    /// <param name="frame">One whole message, header included.</param>
    public FrameMeaning Take(ReadOnlySpan<byte> frame, DateTimeOffset arrival)
    {
        LlrpHeader.TryRead(frame, out LlrpHeader header);
        Header = header;
        _news = NotificationKinds.None;
        _clockJumped = false;
        _utc.Heard(arrival);
        _uptime.Heard(arrival);
        bool understood = header.Version == Version || (Negotiating && header.Version is LlrpHeader.Version101 or LlrpHeader.Version11);
        FrameMeaning meaning = !understood ? FrameMeaning.Damaged : header.Type switch
        {
            MessageType.RoAccessReport => TakeReport(frame, arrival),
            MessageType.Keepalive => FrameMeaning.Keepalive,
            MessageType.ReaderEventNotification => TakeNotification(frame[LlrpHeader.Size..], arrival),
            MessageType.CloseConnectionResponse or MessageType.GetReaderCapabilitiesResponse or MessageType.SetReaderConfigResponse
                or MessageType.AddRoSpecResponse or MessageType.DeleteRoSpecResponse or MessageType.StartRoSpecResponse
                or MessageType.StopRoSpecResponse or MessageType.EnableRoSpecResponse or MessageType.DeleteAccessSpecResponse
                or MessageType.DisableRoSpecResponse or MessageType.GetRoSpecsResponse or MessageType.SetProtocolVersionResponse
                or MessageType.ErrorMessage => TakeResponse(frame[LlrpHeader.Size..]),
            // LLRP 1.1 section 17.1.2: current:8 | supported:8, then the status.
            MessageType.GetSupportedVersionResponse when Negotiating =>
                frame.Length < LlrpHeader.Size + 2 ? FrameMeaning.Damaged : TakeResponse(frame[(LlrpHeader.Size + 2)..]),
            // IMPINJ_ENABLE_EXTENSIONS_RESPONSE: vendor:32 | subtype:8 22, then the status.
            MessageType.Custom when frame[LlrpHeader.Size..].StartsWith(s_impinjResponse) => TakeResponse(frame[(LlrpHeader.Size + s_impinjResponse.Length)..]),
            _ => FrameMeaning.Nothing,
        };
        switch (meaning)
        {
            case FrameMeaning.Damaged:
                counters.DamagedMessages++;
                _last.Forget();
                break;
            case FrameMeaning.Nothing when header.Type != MessageType.ReaderEventNotification:
                counters.Unsolicited++;
                break;
        }
        return meaning;
    }

    /// <summary>
    /// The reads of the frame just taken; a new array, which belongs to the caller. Without reference tags, and without what is too old for
    /// any passage.
    /// </summary>
    public TagRead[] TakeReads(DateTimeOffset arrival)
    {
        Span<TagReport> reports = _reports.Reports;
        var reads = new TagRead[reports.Length];
        int count = 0;
        for (int i = 0; i < reports.Length; i++)
        {
            TagRead read = ToRead(reports[i], arrival);
            if (watch is not null && watch.Take(read, arrival))
            {
                counters.ReferenceReads++;
            }
            else if (arrival - read.At > StaleAfter)
            {
                counters.StaleReads++;
            }
            else
            {
                reads[count++] = read;
            }
        }
        counters.Reads += count;
        return count == reads.Length ? reads : reads[..count];
    }

    /// <summary>What the frame just taken tells the shop beyond reads: pins, and what may have cost reads.</summary>
    /// <returns>A sentence for a person near the box; may be empty.</returns>
    public string TakeNews(DateTimeOffset arrival, string reader, List<ShopInput> to)
    {
        string sentence = "";
        if (_clockJumped)
        {
            Report(SensorReason.ClockJumped);
            sentence = "The reader's clock was set.";
        }
        if ((_news & NotificationKinds.Gpi) != 0)
        {
            ReaderClock clock = _notification.Has(NotificationKinds.UtcTime) ? _utc : _uptime;
            DateTimeOffset at = _notification.Has(NotificationKinds.UtcTime) || _notification.Has(NotificationKinds.Uptime)
                ? clock.ToAgent(_notification.ReaderTimeUs, arrival)
                : arrival;
            to.Add(new ShopInput.PinChanged(at, reader, _notification.GpiPort, _notification.GpiHigh));
        }
        if ((_news & NotificationKinds.BufferWarning) != 0)
        {
            Report(SensorReason.BufferWarning);
            sentence = $"The reader's report buffer is {_notification.BufferPercent} % full.";
        }
        if ((_news & NotificationKinds.BufferOverflow) != 0)
        {
            Report(SensorReason.BufferOverflow);
            sentence = "The reader's report buffer ran over; reads are lost.";
        }
        if ((_news & NotificationKinds.Exception) != 0)
        {
            // LLRP has no event for heat; readers say it in words.
            Report(_exception.Contains("temperature", StringComparison.OrdinalIgnoreCase) || _exception.Contains("overheat", StringComparison.OrdinalIgnoreCase)
                ? SensorReason.HighTemperature
                : SensorReason.ReaderException);
            sentence = $"The reader reports trouble of its own: \"{_exception}\".";
        }
        return sentence;

        void Report(SensorReason reason) => to.Add(new ShopInput.SensorReported(arrival, SensorKind.Reader, reader, SensorState.Degraded, reason));
    }

    private FrameMeaning TakeReport(ReadOnlySpan<byte> frame, DateTimeOffset arrival)
    {
        if (!TagReportDecoder.TryDecode(frame, _reports))
        {
            return FrameMeaning.Damaged;
        }
        _last.FillIn(_reports.Reports);
        ulong? newestUtc = null;
        ulong? newestUptime = null;
        foreach (ref TagReport report in _reports.Reports)
        {
            if (TryUtc(report, out ulong utc))
            {
                newestUtc = Math.Max(newestUtc ?? 0, utc);
            }
            else if (TryUptime(report, out ulong uptime))
            {
                newestUptime = Math.Max(newestUptime ?? 0, uptime);
            }
        }
        if (newestUtc is { } utcUs)
        {
            _clockJumped |= _utc.Observe(arrival, utcUs);
        }
        if (newestUptime is { } uptimeUs)
        {
            _clockJumped |= _uptime.Observe(arrival, uptimeUs);
        }
        counters.ClockJumps += _clockJumped ? 1 : 0;
        counters.Reports++;
        return FrameMeaning.Reads;
    }

    private FrameMeaning TakeNotification(ReadOnlySpan<byte> body, DateTimeOffset arrival)
    {
        if (!ReaderNotification.TryRead(body, out _notification))
        {
            return FrameMeaning.Damaged;
        }
        if (_notification.Has(NotificationKinds.ConnectionClose))
        {
            return FrameMeaning.Closed;
        }
        if (!_notification.Has(NotificationKinds.ConnectionAttempt))
        {
            TakeEvents(body, arrival);
            return FrameMeaning.Nothing;
        }
        if (_notification.Attempt == ConnectionAttempt.AnotherAttempted)
        {
            counters.OtherClientAttempts++;
            return FrameMeaning.AnotherClient;
        }
        _last.Forget();
        if (_notification.Attempt == ConnectionAttempt.Success && (_notification.Has(NotificationKinds.UtcTime) || _notification.Has(NotificationKinds.Uptime)))
        {
            (_notification.Has(NotificationKinds.UtcTime) ? _utc : _uptime).Anchor(arrival, _notification.ReaderTimeUs);
        }
        return FrameMeaning.ConnectionAttempt;
    }

    private void TakeEvents(ReadOnlySpan<byte> body, DateTimeOffset arrival)
    {
        if (_notification.Has(NotificationKinds.UtcTime))
        {
            _clockJumped |= _utc.ObserveEvent(arrival, _notification.ReaderTimeUs);
        }
        else if (_notification.Has(NotificationKinds.Uptime))
        {
            _clockJumped |= _uptime.ObserveEvent(arrival, _notification.ReaderTimeUs);
        }
        counters.ClockJumps += _clockJumped ? 1 : 0;
        counters.PinChanges += _notification.Has(NotificationKinds.Gpi) ? 1 : 0;
        counters.BufferWarnings += _notification.Has(NotificationKinds.BufferWarning) ? 1 : 0;
        counters.BufferOverflows += _notification.Has(NotificationKinds.BufferOverflow) ? 1 : 0;
        if (_notification.Has(NotificationKinds.Exception))
        {
            counters.ReaderExceptions++;
            _exception = ReaderNotification.ExceptionText(body);
        }
        if (_notification.Has(NotificationKinds.Antenna))
        {
            counters.AntennaLosses += _notification.AntennaConnected ? 0 : 1;
            watch?.Plugged(_notification.Antenna, _notification.AntennaConnected, arrival);
        }
        _news = _notification.Kinds & (NotificationKinds.Gpi | NotificationKinds.BufferWarning | NotificationKinds.BufferOverflow | NotificationKinds.Exception);
    }

    private FrameMeaning TakeResponse(ReadOnlySpan<byte> body)
    {
        bool found = LlrpStatus.TryFind(body, out LlrpStatus status);
        Status = status;
        return found ? FrameMeaning.Response : FrameMeaning.Damaged;
    }

    private TagRead ToRead(in TagReport report, DateTimeOffset arrival)
    {
        float rssi = report.Has(TagFields.ImpinjPeakRssi) ? report.ImpinjPeakRssi / 100f
            : report.Has(TagFields.PeakRssi) ? report.PeakRssiDbm
            : UnknownRssiDbm;
        DateTimeOffset at = TryUtc(report, out ulong utc) ? _utc.ToAgent(utc, arrival)
            : TryUptime(report, out ulong uptime) ? _uptime.ToAgent(uptime, arrival)
            : arrival;
        ushort count = report.Has(TagFields.SeenCount) ? Math.Max((ushort)1, report.SeenCount) : (ushort)1;
        return new TagRead(report.Epc, report.Antenna, rssi, count, at);
    }

    private static bool TryUtc(in TagReport report, out ulong us)
    {
        us = report.Has(TagFields.LastSeenUtc) ? report.LastSeenUtcUs : report.FirstSeenUtcUs;
        return report.Has(TagFields.LastSeenUtc) || report.Has(TagFields.FirstSeenUtc);
    }

    private static bool TryUptime(in TagReport report, out ulong us)
    {
        us = report.Has(TagFields.LastSeenUptime) ? report.LastSeenUptimeUs : report.FirstSeenUptimeUs;
        return report.Has(TagFields.LastSeenUptime) || report.Has(TagFields.FirstSeenUptime);
    }
}
