using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Simulators.Gates;

/// <summary>The reader's own idea of time, and its messages that carry it. One per reader.</summary>
internal sealed class WireEncoder(SceneWire wire, string reader, Func<TimeSpan, DateTimeOffset> realTime)
{
    // The reader had been running for this long when the scene began.
    private static readonly TimeSpan s_uptimeAtStart = TimeSpan.FromMinutes(20);

    // What the entry before said, for readers that leave out what has not changed. Per connection.
    private TagReport _before;

    public void Connected() => _before = default;

    /// <summary>One RO_ACCESS_REPORT.</summary>
    public byte[] Report(uint id, IReadOnlyList<ReportEntry> entries)
    {
        var reports = new TagReport[entries.Count];
        for (int i = 0; i < reports.Length; i++)
        {
            reports[i] = ToReport(entries[i]);
        }
        return ReaderMessages.RoAccessReport(id, reports);
    }

    public byte[] ConnectionAttempt(uint id, TimeSpan at, ConnectionAttempt status) =>
        Notification(id, at, w => w.Tlv(ParameterType.ConnectionAttemptEvent, e => e.U16((int)status)));

    public byte[] ConnectionClose(uint id, TimeSpan at) => Notification(id, at, static w => w.Tlv(ParameterType.ConnectionCloseEvent));

    public byte[] Gpi(uint id, in EyeEdge edge)
    {
        EyeEdge e = edge;
        return Notification(id, edge.At, w => w.Tlv(ParameterType.GpiEvent, g => g.U16(e.Port).U8(e.Broken ? 0x80 : 0)));
    }

    private byte[] Notification(uint id, TimeSpan at, Action<LlrpWriter> content) =>
        new LlrpWriter(MessageType.ReaderEventNotification, id).Tlv(ParameterType.ReaderEventNotificationData, w =>
        {
            w.Tlv(wire.Clock == WireClock.Utc ? ParameterType.UtcTimestamp : ParameterType.Uptime, t => t.U64(Micros(at)));
            content(w);
        }).ToFrame();

    private TagReport ToReport(in ReportEntry entry)
    {
        bool utc = wire.Clock == WireClock.Utc;
        ulong first = Micros(entry.FirstSeen);
        ulong last = Micros(entry.LastSeen);
        var report = new TagReport
        {
            Epc = entry.Epc,
            RoSpecId = 1,
            Antenna = entry.Antenna,
            PeakRssiDbm = (sbyte)Math.Clamp(Math.Round(entry.RssiDbm), sbyte.MinValue, sbyte.MaxValue),
            Channel = 1,
            SeenCount = entry.SeenCount,
            Known = TagFields.Epc | TagFields.RoSpecId | TagFields.Antenna | TagFields.PeakRssi | TagFields.Channel | TagFields.SeenCount
                | (utc ? TagFields.FirstSeenUtc | TagFields.LastSeenUtc : TagFields.FirstSeenUptime | TagFields.LastSeenUptime),
        };
        (report.FirstSeenUtcUs, report.LastSeenUtcUs) = utc ? (first, last) : default;
        (report.FirstSeenUptimeUs, report.LastSeenUptimeUs) = utc ? default : (first, last);
        return wire.OmitUnchanged ? WithoutUnchanged(report) : report;
    }

    private TagReport WithoutUnchanged(TagReport report)
    {
        TagReport before = _before;
        _before = report;
        Omit(ref report, TagFields.RoSpecId, report.RoSpecId == before.RoSpecId);
        Omit(ref report, TagFields.Antenna, report.Antenna == before.Antenna);
        Omit(ref report, TagFields.PeakRssi, report.PeakRssiDbm == before.PeakRssiDbm);
        Omit(ref report, TagFields.Channel, report.Channel == before.Channel);
        Omit(ref report, TagFields.SeenCount, report.SeenCount == before.SeenCount);
        Omit(ref report, TagFields.FirstSeenUtc, report.FirstSeenUtcUs == before.FirstSeenUtcUs);
        Omit(ref report, TagFields.LastSeenUtc, report.LastSeenUtcUs == before.LastSeenUtcUs);
        Omit(ref report, TagFields.FirstSeenUptime, report.FirstSeenUptimeUs == before.FirstSeenUptimeUs);
        Omit(ref report, TagFields.LastSeenUptime, report.LastSeenUptimeUs == before.LastSeenUptimeUs);
        return report;

        void Omit(ref TagReport r, TagFields field, bool same)
        {
            if (same && before.Has(field))
            {
                r.Known &= ~field;
            }
        }
    }

    /// <summary>What the reader's clock shows at a scene time, with its error and the jumps before it.</summary>
    private ulong Micros(TimeSpan at)
    {
        TimeSpan jumped = TimeSpan.Zero;
        TimeSpan? rebooted = null;
        foreach (WireFault fault in wire.Faults ?? [])
        {
            if ((fault.Reader ?? reader) == reader && fault.AtSeconds <= at.TotalSeconds)
            {
                jumped += fault.Kind == WireFaultKind.ClockJump ? TimeSpan.FromSeconds(fault.JumpSeconds) : TimeSpan.Zero;
                rebooted = fault.Kind == WireFaultKind.Reboot ? TimeSpan.FromSeconds(fault.AtSeconds) : rebooted;
            }
        }
        TimeSpan time = wire.Clock == WireClock.Utc
            ? realTime(at) - DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(wire.ClockErrorSeconds) + jumped
            : realTime(at) - realTime(rebooted ?? TimeSpan.Zero) + (rebooted is null ? s_uptimeAtStart : TimeSpan.Zero);
        return (ulong)Math.Max(0, time.Ticks / TimeSpan.TicksPerMicrosecond);
    }
}
