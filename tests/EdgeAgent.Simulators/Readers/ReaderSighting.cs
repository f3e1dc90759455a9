using EdgeAgent.Core;
using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Simulators.Readers;

/// <summary>A made reader sees a made tag.</summary>
/// <param name="At">Since the start of the script or recording.</param>
public readonly record struct ReaderSighting(TimeSpan At, Epc Epc, ushort Antenna, sbyte RssiDbm, ushort SeenCount = 1)
{
    /// <summary>As a gate's ROSpec has it reported. First and last sighting are the same instant: one report per sighting.</summary>
    internal TagReport ToReport(DateTimeOffset readerTime)
    {
        ulong us = Micros(readerTime);
        return new TagReport
        {
            Epc = Epc,
            RoSpecId = 1,
            Antenna = Antenna,
            PeakRssiDbm = RssiDbm,
            Channel = 1,
            FirstSeenUtcUs = us,
            LastSeenUtcUs = us,
            SeenCount = SeenCount,
            Known = TagFields.Epc | TagFields.RoSpecId | TagFields.Antenna | TagFields.PeakRssi | TagFields.Channel
                | TagFields.FirstSeenUtc | TagFields.LastSeenUtc | TagFields.SeenCount,
        };
    }

    internal static ulong Micros(DateTimeOffset time) =>
        (ulong)((time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
}
