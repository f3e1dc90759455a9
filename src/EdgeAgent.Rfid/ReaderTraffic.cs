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

    /// <summary>The reader's report buffer ran over: reads were lost.</summary>
    BufferOverflow,

    /// <summary>The reader ends the connection: send nothing more.</summary>
    Closed,
}

/// <summary>
/// Reads the frames of one reader in their order, live and in a replay alike: tag reports become reads with agent time, events are
/// counted. Keeps the reader's clock through reconnects. Not thread-safe.
/// </summary>
internal sealed class ReaderTraffic(ReaderCounters counters)
{
    /// <summary>What a read without RSSI gets: the weakest that a report can hold, so that it is never taken for strong.</summary>
    public const float UnknownRssiDbm = -128;

    // Per reader.
    private readonly ReaderClock _utc = new();
    private readonly ReaderClock _uptime = new();

    // Per connection.
    private readonly LastTagValues _last = new();

    // Per frame: valid after Take said what the frame was.
    private readonly TagReportBuffer _reports = new();
    private ReaderNotification _notification;

    public LlrpHeader Header { get; private set; }

    /// <summary>After <see cref="FrameMeaning.ConnectionAttempt"/>.</summary>
    public ConnectionAttempt Attempt => _notification.Attempt;

    /// <summary>After <see cref="FrameMeaning.Response"/>.</summary>
    public LlrpStatus? Status { get; private set; }

    /// <summary>After <see cref="FrameMeaning.Reads"/>: how many.</summary>
    public int ReadCount => _reports.Count;

    /// <summary>A connection begins: values left out by the reader refer to nothing any more.</summary>
    public void Connected() => _last.Forget();

    public static SensorReason ReasonOf(ConnectionAttempt refusal) =>
        refusal is ConnectionAttempt.FailedReaderInitiatedExists or ConnectionAttempt.FailedClientInitiatedExists
            ? SensorReason.HeldByAnotherClient
            : SensorReason.Refused;

    /// <param name="frame">One whole message, header included.</param>
    public FrameMeaning Take(ReadOnlySpan<byte> frame, DateTimeOffset arrival)
    {
        LlrpHeader.TryRead(frame, out LlrpHeader header);
        Header = header;
        FrameMeaning meaning = header.Version != LlrpHeader.Version101 ? FrameMeaning.Damaged : header.Type switch
        {
            MessageType.RoAccessReport => TakeReport(frame, arrival),
            MessageType.Keepalive => FrameMeaning.Keepalive,
            MessageType.ReaderEventNotification => TakeNotification(frame[LlrpHeader.Size..], arrival),
            MessageType.CloseConnectionResponse or MessageType.GetReaderCapabilitiesResponse or MessageType.SetReaderConfigResponse
                or MessageType.AddRoSpecResponse or MessageType.DeleteRoSpecResponse or MessageType.StartRoSpecResponse
                or MessageType.StopRoSpecResponse or MessageType.EnableRoSpecResponse or MessageType.DeleteAccessSpecResponse
                or MessageType.ErrorMessage => TakeResponse(frame[LlrpHeader.Size..]),
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

    /// <summary>The reads of the frame just taken; a new array, which belongs to the caller.</summary>
    public TagRead[] TakeReads(DateTimeOffset arrival)
    {
        Span<TagReport> reports = _reports.Reports;
        var reads = new TagRead[reports.Length];
        for (int i = 0; i < reads.Length; i++)
        {
            reads[i] = ToRead(reports[i], arrival);
        }
        counters.Reads += reads.Length;
        return reads;
    }

    private FrameMeaning TakeReport(ReadOnlySpan<byte> frame, DateTimeOffset arrival)
    {
        if (!TagReportDecoder.TryDecode(frame, _reports))
        {
            return FrameMeaning.Damaged;
        }
        _last.FillIn(_reports.Reports);
        ulong newestUtc = 0;
        ulong newestUptime = 0;
        foreach (ref TagReport report in _reports.Reports)
        {
            if (TryUtc(report, out ulong utc))
            {
                newestUtc = Math.Max(newestUtc, utc);
            }
            else if (TryUptime(report, out ulong uptime))
            {
                newestUptime = Math.Max(newestUptime, uptime);
            }
        }
        if (newestUtc > 0)
        {
            _utc.Observe(arrival, newestUtc);
        }
        if (newestUptime > 0)
        {
            _uptime.Observe(arrival, newestUptime);
        }
        counters.Reports++;
        return FrameMeaning.Reads;
    }

    private FrameMeaning TakeNotification(ReadOnlySpan<byte> body, DateTimeOffset arrival)
    {
        if (!ReaderNotification.TryRead(body, out _notification))
        {
            return FrameMeaning.Damaged;
        }
        counters.BufferWarnings += _notification.Has(NotificationKinds.BufferWarning) ? 1 : 0;
        counters.ReaderExceptions += _notification.Has(NotificationKinds.Exception) ? 1 : 0;
        counters.AntennaLosses += _notification.Has(NotificationKinds.Antenna) && !_notification.AntennaConnected ? 1 : 0;
        if (_notification.Has(NotificationKinds.ConnectionClose))
        {
            return FrameMeaning.Closed;
        }
        if (_notification.Has(NotificationKinds.BufferOverflow))
        {
            counters.BufferOverflows++;
            return FrameMeaning.BufferOverflow;
        }
        if (!_notification.Has(NotificationKinds.ConnectionAttempt))
        {
            return FrameMeaning.Nothing;
        }
        if (_notification.Attempt == ConnectionAttempt.AnotherAttempted)
        {
            counters.OtherClientAttempts++;
            return FrameMeaning.Nothing;
        }
        _last.Forget();
        if (_notification.Attempt == ConnectionAttempt.Success && _notification.ReaderTimeUs > 0)
        {
            (_notification.Has(NotificationKinds.UtcTime) ? _utc : _uptime).Anchor(arrival, _notification.ReaderTimeUs);
        }
        return FrameMeaning.ConnectionAttempt;
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
