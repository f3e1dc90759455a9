namespace EdgeAgent.Rfid.Llrp;

/// <summary>
/// Fills in what a reader left out because it had not changed: an enabled but absent value is the last one of its type on this
/// connection (LLRP 1.0.1 section 14.2.3 (ii), "ambiguous nil"). Only the values that the gate's ROSpec enables are repeated.
/// One per connection, in the order of the messages.
/// </summary>
internal sealed class LastTagValues
{
    private TagReport _last;

    public void FillIn(Span<TagReport> reports)
    {
        foreach (ref TagReport report in reports)
        {
            Repeat(ref report, TagFields.Antenna, ref report.Antenna, ref _last.Antenna);
            Repeat(ref report, TagFields.PeakRssi, ref report.PeakRssiDbm, ref _last.PeakRssiDbm);
            Repeat(ref report, TagFields.Channel, ref report.Channel, ref _last.Channel);
            Repeat(ref report, TagFields.FirstSeenUtc, ref report.FirstSeenUtcUs, ref _last.FirstSeenUtcUs);
            Repeat(ref report, TagFields.LastSeenUtc, ref report.LastSeenUtcUs, ref _last.LastSeenUtcUs);
            Repeat(ref report, TagFields.FirstSeenUptime, ref report.FirstSeenUptimeUs, ref _last.FirstSeenUptimeUs);
            Repeat(ref report, TagFields.LastSeenUptime, ref report.LastSeenUptimeUs, ref _last.LastSeenUptimeUs);
            Repeat(ref report, TagFields.SeenCount, ref report.SeenCount, ref _last.SeenCount);
            Repeat(ref report, TagFields.RoSpecId, ref report.RoSpecId, ref _last.RoSpecId);
        }
    }

    /// <summary>A new connection, a new ROSpec, or a message that was lost: what was last is not known any more.</summary>
    public void Forget() => _last = default;

    private void Repeat<T>(ref TagReport report, TagFields field, ref T value, ref T last)
        where T : struct
    {
        if (report.Has(field))
        {
            last = value;
            _last.Known |= field;
        }
        else if (_last.Has(field))
        {
            value = last;
            report.Known |= field;
        }
    }
}
