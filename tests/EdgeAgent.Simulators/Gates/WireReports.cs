using EdgeAgent.Core;

namespace EdgeAgent.Simulators.Gates;

/// <summary>One entry of a report: a tag at an antenna, over one turn or over all turns that were accumulated. Scene times.</summary>
public readonly record struct ReportEntry(Epc Epc, ushort Antenna, float RssiDbm, ushort SeenCount, TimeSpan FirstSeen, TimeSpan LastSeen);

/// <summary>What a reader sends at once.</summary>
/// <param name="At">When it leaves the reader, latency included.</param>
/// <param name="Edge">A photo-eye that changed; then there are no entries.</param>
public sealed record WireBatch(TimeSpan At, IReadOnlyList<ReportEntry> Entries, EyeEdge? Edge = null);

/// <summary>Cuts one reader's signals into reports as its wire settings say.</summary>
public static class WireReports
{
    /// <summary>In order of time.</summary>
    public static IEnumerable<WireBatch> Of(GateScene scene, string reader, ulong? seed = null)
    {
        SceneWire wire = scene.Wire ?? new SceneWire();
        IReadOnlyList<ushort> antennas = [.. scene.Readers.First(r => r.Id == reader).Antennas.Select(a => a.Id)];
        var latency = TimeSpan.FromMilliseconds(wire.LatencyMs);
        var period = TimeSpan.FromMilliseconds(wire.ReportMs);
        var waiting = new List<ReportEntry>();
        TimeSpan due = period;
        foreach (GateSignal signal in new GateSimulation(scene, seed).Signals())
        {
            if (signal.Reader != reader)
            {
                continue;
            }
            for (; period > TimeSpan.Zero && due <= signal.At; due += period)
            {
                if (waiting.Count > 0)
                {
                    yield return new WireBatch(due + latency, waiting.ToArray());
                    waiting.Clear();
                }
            }
            if (!signal.IsRead)
            {
                yield return new WireBatch(signal.At + latency, [], signal.Edge);
                continue;
            }
            Take(waiting, signal.Read, wire);
            if (antennas.Count > 1 && signal.Read.Antenna == antennas[0] && IsActive(wire, reader, WireFaultKind.DupAntenna, signal.At))
            {
                Take(waiting, signal.Read with { Antenna = antennas[1] }, wire);
            }
            if (period == TimeSpan.Zero)
            {
                foreach (ReportEntry entry in waiting)
                {
                    yield return new WireBatch(signal.At + latency, [entry]);
                }
                waiting.Clear();
            }
        }
        if (waiting.Count > 0)
        {
            yield return new WireBatch(due + latency, waiting.ToArray());
        }
    }

    /// <summary>Whether a fault that lasts holds at a scene time.</summary>
    internal static bool IsActive(SceneWire wire, string reader, WireFaultKind kind, TimeSpan at)
    {
        foreach (WireFault fault in wire.Faults ?? [])
        {
            if (fault.Kind == kind && (fault.Reader ?? reader) == reader
                && at.TotalSeconds >= fault.AtSeconds && at.TotalSeconds < fault.AtSeconds + fault.ForSeconds)
            {
                return true;
            }
        }
        return false;
    }

    private static void Take(List<ReportEntry> waiting, in SimulatedRead read, SceneWire wire)
    {
        for (int i = 0; i < waiting.Count && wire.Accumulate; i++)
        {
            ReportEntry before = waiting[i];
            if (before.Antenna == read.Antenna && before.Epc == read.Epc)
            {
                // 14.2.3.1: the strongest RSSI, the first time and the last time of what is accumulated.
                waiting[i] = before with
                {
                    RssiDbm = Math.Max(before.RssiDbm, read.RssiDbm),
                    SeenCount = (ushort)Math.Min(before.SeenCount + read.SeenCount, ushort.MaxValue),
                    LastSeen = read.At,
                };
                return;
            }
        }
        waiting.Add(new ReportEntry(read.Epc, read.Antenna, read.RssiDbm, read.SeenCount, read.At, read.At));
    }
}
