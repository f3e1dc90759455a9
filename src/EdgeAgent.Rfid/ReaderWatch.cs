using EdgeAgent.Core;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Rfid;

/// <summary>
/// Watches the antennas of one reader: a reader that answers keepalives may still be deaf. Picks out the reference tags, which hang in an
/// antenna's field for good and are never goods. Lives through reconnects. Written by one caller at a time; <see cref="Status"/> may be
/// read by anyone.
/// </summary>
internal sealed class ReaderWatch
{
    private static readonly TimeSpan s_checkEvery = TimeSpan.FromSeconds(1);

    /// <summary>A fault that lasts is told again this often: what the shop has not heard for 60 s it takes for mended.</summary>
    private static readonly TimeSpan s_repeatEvery = TimeSpan.FromSeconds(20);

    private readonly Antenna[] _antennas;
    private readonly bool _hasReferences;
    private readonly TimeSpan _referencePatience;
    private readonly TimeSpan? _silentPatience;

    private DateTimeOffset _since;
    private DateTimeOffset _checkAt;
    private DateTimeOffset _repeatAt;
    private SensorReason _told;

    public ReaderWatch(ReaderConfig config)
    {
        _antennas = [.. config.Antennas.Select(static a => new Antenna(a))];
        _hasReferences = _antennas.Any(static a => a.Reference is not null);
        _referencePatience = TimeSpan.FromSeconds(config.ReferenceTagSeconds);
        // A reader that waits for a pin is silent because it was told to be.
        IsAlwaysReading = config.StartTrigger is null;
        _silentPatience = config.SilentAntennaSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    private bool IsAlwaysReading { get; }

    public IReadOnlyList<AntennaStatus> Status => [.. _antennas.Select(static a => a.Status)];

    /// <summary>A session begins: nobody could read anything before.</summary>
    public void Connected(DateTimeOffset at) => _since = _checkAt = at;

    /// <returns>True for a reference tag: it must not reach the gate.</returns>
    public bool Take(in TagRead read, DateTimeOffset arrival)
    {
        bool reference = false;
        foreach (Antenna antenna in _antennas)
        {
            bool own = _hasReferences && antenna.Reference is { } tag && tag == read.Epc;
            reference |= own;
            if (antenna.Id == read.Antenna)
            {
                antenna.Read(arrival, own);
            }
        }
        return reference;
    }

    public void Plugged(ushort id, bool connected, DateTimeOffset at)
    {
        foreach (Antenna antenna in _antennas)
        {
            if (antenna.Id == id)
            {
                antenna.Unplugged = !connected;
                _checkAt = at;
            }
        }
    }

    /// <summary>The fault to tell now: one that is new, or one that lasts and was told long ago. Null when there is none to tell.</summary>
    /// <param name="sentence">For a person near the box.</param>
    public SensorReason? Due(DateTimeOffset now, out string sentence)
    {
        sentence = "";
        if (now < _checkAt)
        {
            return null;
        }
        if (_since == default)
        {
            _since = now; // a recording that begins within a session
        }
        _checkAt = now + s_checkEvery;
        SensorReason reason = Fault(now, out sentence);
        if (reason == SensorReason.None || (reason == _told && now < _repeatAt))
        {
            _told = reason;
            return null;
        }
        _told = reason;
        _repeatAt = now + s_repeatEvery;
        return reason;
    }

    private SensorReason Fault(DateTimeOffset now, out string sentence)
    {
        sentence = "";
        foreach (Antenna antenna in _antennas)
        {
            if (antenna.Unplugged)
            {
                sentence = $"Antenna {antenna.Id} is not connected; look at its plug and cable.";
                return SensorReason.AntennaUnplugged;
            }
        }
        if (!IsAlwaysReading)
        {
            return SensorReason.None;
        }
        foreach (Antenna antenna in _antennas)
        {
            if (antenna.Reference is not null && now - Later(antenna.LastReference, _since) > _referencePatience)
            {
                sentence = $"The reference tag of antenna {antenna.Id} was not read for {_referencePatience.TotalSeconds} s; look at the antenna, its cable and the tag.";
                return SensorReason.ReferenceTagMissing;
            }
        }
        foreach (Antenna antenna in _antennas)
        {
            if (_silentPatience is { } patience && now - Later(antenna.LastRead, _since) > patience && AnyReadSince(now - patience))
            {
                sentence = $"Antenna {antenna.Id} read nothing for {patience.TotalSeconds} s while another did; look at the antenna and its cable.";
                return SensorReason.AntennaSilent;
            }
        }
        return SensorReason.None;
    }

    private bool AnyReadSince(DateTimeOffset time)
    {
        foreach (Antenna antenna in _antennas)
        {
            if (antenna.LastRead >= time)
            {
                return true;
            }
        }
        return false;
    }

    private static DateTimeOffset Later(DateTimeOffset? one, DateTimeOffset other) => one > other ? one.Value : other;

    private sealed class Antenna(AntennaConfig config)
    {
        private long _lastRead;
        private long _lastReference;
        private long _reads;
        private volatile bool _unplugged;

        public int Id { get; } = config.Id;

        public Epc? Reference { get; } = config.ReferenceTag is { } hex && Epc.TryParse(hex, out Epc epc) ? epc : null;

        public bool Unplugged
        {
            get => _unplugged;
            set => _unplugged = value;
        }

        public DateTimeOffset? LastRead => Time(ref _lastRead);

        public DateTimeOffset? LastReference => Time(ref _lastReference);

        public AntennaStatus Status => new(Id, Volatile.Read(ref _reads), LastRead, LastReference, _unplugged);

        public void Read(DateTimeOffset at, bool isReference)
        {
            Volatile.Write(ref _lastRead, at.UtcTicks);
            _reads++;
            if (isReference)
            {
                Volatile.Write(ref _lastReference, at.UtcTicks);
            }
            if (_unplugged)
            {
                _unplugged = false; // what reads is plugged in, whatever was said before
            }
        }

        private static DateTimeOffset? Time(ref long ticks) => Volatile.Read(ref ticks) is var t and > 0 ? new DateTimeOffset(t, TimeSpan.Zero) : null;
    }
}
