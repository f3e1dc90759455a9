namespace EdgeAgent.Core;

/// <summary>
/// How long to wait before the next try at a device or network: doubles from <paramref name="first"/> to <paramref name="cap"/>,
/// with full jitter (anything from zero to that), so that a street of shops does not come back in the same second.
/// </summary>
public sealed class Backoff(TimeSpan first, TimeSpan cap, FillRandom random)
{
    private int _tries;

    public TimeSpan Next()
    {
        var ceiling = Math.Min(cap.TotalSeconds, first.TotalSeconds * Math.Pow(2, Math.Min(_tries++, 30)));
        Span<byte> bytes = stackalloc byte[8];
        random(bytes);
        var fraction = (BitConverter.ToUInt64(bytes) >> 11) * (1.0 / (1UL << 53));
        return TimeSpan.FromSeconds(ceiling * fraction);
    }

    public void Reset() => _tries = 0;
}
