using System.Runtime.InteropServices;

namespace EdgeAgent.Core;

/// <summary>
/// How long to wait before trying again: anything from nothing to a ceiling that doubles with every failure ("full jitter"), so that
/// a hundred boxes do not knock on a recovered broker in the same second. Not thread-safe: one per retry loop.
/// </summary>
/// <param name="first">Ceiling of the first wait.</param>
/// <param name="cap">The ceiling never grows beyond this.</param>
public sealed class Backoff(TimeSpan first, TimeSpan cap, FillRandom random)
{
    private TimeSpan _ceiling = first < cap ? first : cap;

    public TimeSpan Next()
    {
        ulong dice = 0;
        random(MemoryMarshal.AsBytes(new Span<ulong>(ref dice)));
        // 53 bits are what a double holds exactly: the fraction is in [0, 1).
        double fraction = (dice >> 11) * (1.0 / (1UL << 53));
        TimeSpan wait = _ceiling * fraction;
        _ceiling = _ceiling < cap / 2 ? _ceiling * 2 : cap;
        return wait;
    }

    /// <summary>The other side works again: the next wait is short.</summary>
    public void Reset() => _ceiling = first < cap ? first : cap;
}
