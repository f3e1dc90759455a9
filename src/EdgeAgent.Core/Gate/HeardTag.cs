using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Gate;

/// <summary>A read and the side of the gate it came from.</summary>
/// <param name="Source">Reader and antenna.</param>
internal readonly record struct HeardTag(TagRead Read, AntennaZone Zone, int Source)
{
    /// <summary>By reader time; ties fall the same way in whatever order the reads arrived.</summary>
    public static int InTime(HeardTag x, HeardTag y)
    {
        int order = x.Read.At.CompareTo(y.Read.At);
        if (order == 0)
        {
            order = x.Read.Epc.Bytes.SequenceCompareTo(y.Read.Epc.Bytes);
        }
        if (order == 0)
        {
            order = x.Zone.CompareTo(y.Zone);
        }
        if (order == 0)
        {
            order = x.Read.RssiDbm.CompareTo(y.Read.RssiDbm);
        }
        return order != 0 ? order : x.Read.SeenCount.CompareTo(y.Read.SeenCount);
    }
}
