using EdgeAgent.Core.Cabinets;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Fitting;

/// <summary>
/// One fitting room as its antenna hears it: which garments stayed there together. It knows tags and times and nothing of anybody. Ends with
/// emptiness: what comes after that was tried by itself.
/// </summary>
internal sealed class FittingRoom(FittingRoomConfig config, IdentifyItem identify)
{
    // A garment that lies under others is heard now and then.
    private const int LeastReads = 3;
    private const int MostTags = 1_000;

    private readonly Dictionary<Epc, Garment> _garments = [];

    public FittingRoomConfig Config => config;

    public void Read(in TagRead read)
    {
        if (!_garments.TryGetValue(read.Epc, out Garment? garment))
        {
            ItemIdentity identity = identify(read.Epc);
            if (identity.Kind != EpcKind.TradeItem || identity.Gtin is not string gtin || _garments.Count >= MostTags)
            {
                return;
            }
            garment = new Garment(read.Epc, gtin, identity.Serial, read.At);
            _garments.Add(read.Epc, garment);
        }
        if ((read.At - garment.Last).TotalSeconds > config.EmptySeconds && !Stayed(garment))
        {
            // Carried past a while ago, and now again.
            (garment.First, garment.Reads) = (read.At, 0);
        }
        garment.First = garment.First < read.At ? garment.First : read.At;
        garment.Last = garment.Last > read.At ? garment.Last : read.At;
        garment.Reads += read.SeenCount;
    }

    public void Tick(DateTimeOffset now, List<ShopEvent> events)
    {
        bool empty = true;
        foreach (Garment garment in _garments.Values)
        {
            bool silent = (now - garment.Last).TotalSeconds >= config.EmptySeconds;
            garment.Always |= !silent && (garment.Last - garment.First).TotalMinutes >= config.AlwaysMinutes;
            if (garment.Always && silent)
            {
                // It hung there for long and is gone: when it comes back it is a garment like others.
                _garments.Remove(garment.Epc);
            }
            empty &= garment.Always || silent;
        }
        if (empty)
        {
            Tell(now, events);
        }
    }

    /// <summary>The shop closes, or the room is configured anew.</summary>
    public void Close(DateTimeOffset now, List<ShopEvent> events) => Tell(now, events);

    private bool Stayed(Garment garment) => garment.Reads >= LeastReads && (garment.Last - garment.First).TotalSeconds >= config.TriedSeconds;

    private void Tell(DateTimeOffset now, List<ShopEvent> events)
    {
        List<Garment> tried = [];
        foreach (Garment garment in _garments.Values)
        {
            if (garment.Always)
            {
                continue;
            }
            if (Stayed(garment))
            {
                tried.Add(garment);
            }
            _garments.Remove(garment.Epc);
        }
        if (tried.Count > 0)
        {
            DateTimeOffset from = tried.Min(g => g.First), to = tried.Max(g => g.Last);
            bool together = tried.Count > 1 && (tried.Min(g => g.Last) - tried.Max(g => g.First)).TotalSeconds >= config.TriedSeconds;
            events.Add(new ShopEvent.GarmentsTried(now, config.Id, from, to, [.. tried.Select(g => new TriedItem(g.Epc, g.Gtin, g.Serial))], together));
        }
    }

    private sealed class Garment(Epc epc, string gtin, string? serial, DateTimeOffset at)
    {
        public Epc Epc => epc;
        public string Gtin => gtin;
        public string? Serial => serial;
        public DateTimeOffset First { get; set; } = at;
        public DateTimeOffset Last { get; set; } = at;
        public int Reads { get; set; }

        /// <summary>It hangs there always.</summary>
        public bool Always { get; set; }
    }
}
