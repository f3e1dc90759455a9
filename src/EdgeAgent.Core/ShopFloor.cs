using EdgeAgent.Core.Cabinets;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Fitting;
using EdgeAgent.Core.Gate;
using EdgeAgent.Core.Members;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Core.Visits;

namespace EdgeAgent.Core;

/// <summary>
/// The shop as a deterministic machine: input in, events out. No clock, no I/O, no randomness but what is handed in; the same inputs give
/// the same events. One caller at a time; owns all of the shop's mutable state.
/// </summary>
public sealed partial class ShopFloor
{
    private readonly VisitLedger _visits;
    private readonly Presence _presence;
    private readonly CheckoutAssembler _checkout;
    private readonly Corrections _corrections;
    private readonly SensorBoard _sensors = new();
    private readonly MemberDesk _members;
    private readonly ZoneHours _hours;

    // Replaced, or filled anew, when the configuration changes; see ShopFloor.Change.cs.
    private DeviceConfig _config;
    private Dictionary<string, CameraFloor> _cameras;
    private Dictionary<string, ReaderGates> _readers;
    private List<Exit> _exits;
    private HashSet<string> _staffWays;
    private Dictionary<(string Camera, string Region), RegionKind> _regions;

    // Scratch lists, emptied by each use: no input allocates them anew.
    private readonly List<Crossing> _crossings = [];
    private readonly List<Track> _tracks = [];
    private readonly List<BagLeft> _bags = [];

    /// <param name="sold">What was sold before the agent started, oldest first.</param>
    /// <param name="open">What was decided before the agent started and may still be corrected, oldest first.</param>
    /// <param name="undecided">What was in the gates when the agent stopped in the middle of it, oldest first.</param>
    public ShopFloor(
        DeviceConfig config, IdentifyItem identify, FillRandom random, IEnumerable<SoldItem>? sold = null, IEnumerable<OpenDecision>? open = null,
        IEnumerable<UndecidedPassage>? undecided = null)
    {
        _config = config;
        _cameras = config.Cameras.ToDictionary(c => c.Id, c => new CameraFloor(c, config.Visits));
        _visits = new VisitLedger(config.Visits, new StoreFloor(config.Cameras), () => NewVisit(random));
        _presence = new Presence(config.Visits, [.. _cameras.Values]);
        _members = new MemberDesk(config);
        _hours = new ZoneHours(config);
        _exits = [.. config.Gates.Select(g => NewExit(g, config))];
        _identify = identify;
        _cabinets = [.. config.Cabinets.Select(NewCabinet)];
        _rooms = [.. config.FittingRooms.Select(r => new FittingRoom(r, identify))];
        _checkout = new CheckoutAssembler(config.Checkout, [.. config.Gates.Select(g => g.Id)], identify, sold);
        _corrections = new Corrections(config.Checkout, _checkout, open);
        _undecided = new UndecidedPassages(undecided ?? [], IsDecidedSince);
        RememberLeft([.. open ?? []]);
        (_readers, _regions, _staffWays) = Wire();
    }

    /// <summary>People counted as being in the shop.</summary>
    public int OpenVisits => _visits.Open;

    /// <summary>Reads from antennas, readers or cameras that the configuration does not name.</summary>
    public long StrayInputs { get; private set; }

    /// <summary>Reads that came after the bag they may belong to had been decided.</summary>
    public long LateReads => _closedGates.LateReads + _exits.Sum(exit => exit.Gate.TooLate + exit.Late.Reads);

    /// <summary>Tags seen leaving that are not items for sale: unprogrammed, or another scheme.</summary>
    public long IgnoredTags => _checkout.IgnoredTags;

    /// <summary>Trade items seen leaving that this store does not sell: shoppers' own.</summary>
    public long ForeignItems => _checkout.ForeignItems;

    /// <summary>Items seen leaving that were sold before: not billed again.</summary>
    public long SoldBefore => _checkout.SoldBefore;

    /// <summary>Tags that came to a gate and did not pass it.</summary>
    public long StrayTags => _closedGates.Strays + _exits.Sum(exit => exit.Gate.Strays);

    /// <summary>Tags forgotten because a gate had more in its field than it keeps.</summary>
    public long ForgottenTags => _closedGates.Forgotten + _exits.Sum(exit => exit.Gate.Forgotten);

    /// <summary>Adds the people that a camera sees now to <paramref name="people"/>, for a picture drawn on the box. Nothing for an unknown camera.</summary>
    public void InView(string camera, List<PersonInView> people)
    {
        if (_cameras.TryGetValue(camera, out CameraFloor? floor))
        {
            foreach (Track track in floor.Tracks)
            {
                people.Add(new PersonInView(track.Number, track.LastBox, track.LastSeen, track.Confirmed, _visits.VisitOf(track) is not null));
            }
        }
    }

    /// <summary>Takes one input; adds what the shop decides to <paramref name="events"/> in the order of its deciding.</summary>
    public void On(ShopInput input, List<ShopEvent> events)
    {
        Take(input, events);
        _hours.Note(input.At, events);
    }

    private void Take(ShopInput input, List<ShopEvent> events)
    {
        switch (input)
        {
            case ShopInput.FrameObserved frame:
                Observe(frame, events);
                break;
            case ShopInput.TagsRead tags:
                Read(tags);
                break;
            case ShopInput.GoodsMoved goods:
                Move(goods, events);
                break;
            case ShopInput.CodeScanned code:
                Scan(code, events);
                break;
            case ShopInput.WeightRead weight:
                Weigh(weight);
                break;
            case ShopInput.PinChanged pin:
                Pin(pin, events);
                break;
            case ShopInput.SensorReported sensor:
                _sensors.Report(sensor, events);
                break;
            case ShopInput.EventsShed or ShopInput.StorageReported or ShopInput.EventsRefused or ShopInput.CertificateReported or ShopInput.RivalSeen:
                PassOn(input, events);
                break;
            case ShopInput.ConsentGiven consent:
                StrayInputs += _members.Arm(consent, events) ? 0 : 1;
                break;
            case ShopInput.MemberSeen seen:
                StrayInputs += _members.Arrive(seen, events) ? 0 : 1;
                break;
            case ShopInput.SceneAsked scene:
                Suggest(scene, events);
                break;
            case ShopInput.GateArmed gate:
                Arm(gate, events);
                break;
            case ShopInput.ConfigChanged changed:
                Change(changed, events);
                break;
            case ShopInput.CartClaimed or ShopInput.CartCancelled or ShopInput.MandatePut or ShopInput.MandateRevoked:
                TellCashier(input, events);
                break;
            case ShopInput.PricesChanged prices:
                _checkout.Cashier.Use(prices.Book);
                break;
            case ShopInput.PaymentTold payment:
                Tell(payment, events);
                _corrections.Told(payment, events);
                break;
            case ShopInput.LinkReported link:
                _isLinkUp = link.Up;
                break;
            case ShopInput.Tick tick:
                Tick(tick.At, events);
                break;
            case ShopInput.Closing closing:
                Close(closing.At, events);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private void Observe(ShopInput.FrameObserved frame, List<ShopEvent> events)
    {
        if (!_cameras.TryGetValue(frame.Camera, out CameraFloor? camera))
        {
            StrayInputs++;
            Wipe(frame.People);
            return;
        }
        _crossings.Clear();
        _tracks.Clear();
        camera.Observe(frame, _crossings, _tracks);
        foreach (Track track in _tracks)
        {
            _visits.Appeared(camera.Camera, track);
        }
        Cross(camera, frame.At, events);
        _visits.Unite();
        TellZones(camera, frame.At, events);
    }

    private void Read(ShopInput.TagsRead tags)
    {
        if (!_readers.TryGetValue(tags.Reader, out ReaderGates? reader))
        {
            StrayInputs += tags.Reads.Count;
            return;
        }
        for (int i = 0; i < tags.Reads.Count; i++)
        {
            TagRead read = tags.Reads[i];
            if (reader.Cabinets.TryGetValue(read.Antenna, out CabinetWatch? cabinet))
            {
                cabinet.Read(read);
                continue;
            }
            if (reader.Rooms.TryGetValue(read.Antenna, out FittingRoom? room))
            {
                room.Read(read);
                continue;
            }
            if (!reader.Zones.TryGetValue(read.Antenna, out AntennaZone zone))
            {
                StrayInputs++;
                continue;
            }
            _corrections.Heard(read, zone);
            foreach (Exit exit in reader.Exits)
            {
                int source = reader.SourceOf(read.Antenna);
                if (!exit.Late.Take(read, zone, tags.At, source))
                {
                    exit.Gate.Read(read, zone, tags.At, source);
                }
            }
        }
    }

    private void Tick(DateTimeOffset now, List<ShopEvent> events)
    {
        _sensors.Tick(now, events);
        foreach (CameraFloor camera in _cameras.Values)
        {
            DropLost(camera, now, events);
        }
        _visits.Tick(now, events);
        _presence.Tick(now, _visits.Open, events);
        Await(now);
        _checkout.Cashier.Tick(now);
        foreach (Exit exit in _exits)
        {
            if (exit.Gate.TickEyeFault(now))
            {
                ReportEye(exit, now, SensorState.Degraded, SensorReason.PhotoEyeStuck, events);
            }
            _bags.Clear();
            exit.Gate.Tick(now, exit.Departures, _bags);
            DecideAll(exit, now, events);
            exit.Outputs.Tick(now, exit.Gate.Config.Interlock is not null && IsFaulty(exit), events);
        }
        _corrections.Tick(now, events);
        TickPlaces(now, events);
    }

    private void Close(DateTimeOffset now, List<ShopEvent> events)
    {
        foreach (CameraFloor camera in _cameras.Values)
        {
            DropLost(camera, now, events, closing: true);
        }
        foreach (Exit exit in _exits)
        {
            _bags.Clear();
            exit.Gate.Close(now, _bags);
            DecideAll(exit, now, events, closing: true);
            exit.Outputs.Off(now, events);
        }
        ClosePlaces(_cabinets, _rooms, now, events);
        _visits.EndAll(now, events);
    }

    private void DropLost(CameraFloor camera, DateTimeOffset now, List<ShopEvent> events, bool closing = false)
    {
        _crossings.Clear();
        _tracks.Clear();
        camera.DropLost(now, _crossings, _tracks, closing);
        TellZones(camera, now, events);
        Cross(camera, now, events);
        foreach (Track track in _tracks)
        {
            _visits.Vanished(camera.Camera, track);
        }
    }

    private void Cross(CameraFloor camera, DateTimeOffset now, List<ShopEvent> events)
    {
        foreach (Crossing crossing in _crossings)
        {
            bool staff = _staffWays.Contains(crossing.Line);
            if (!staff)
            {
                events.Add(new ShopEvent.LineCrossed(now, camera.Camera, crossing.Line, crossing.Direction, crossing.At));
            }
            if (crossing.Direction == CrossingDirection.In)
            {
                if (_visits.Enter(camera.Camera, crossing, now, staff) is ShopEvent.VisitStarted started)
                {
                    events.Add(started);
                }
                foreach (Exit exit in _exits)
                {
                    if (exit.Crossings.IsExit(crossing.Line))
                    {
                        exit.Crossings.AddIn(crossing.Track, crossing.Line, crossing.At, _visits.VisitOf(crossing.Track), now);
                    }
                }
                continue;
            }
            ShopEvent.VisitEnded? ended = _visits.Leave(crossing, now, out bool doubtful);
            foreach (Exit exit in _exits)
            {
                if (exit.Crossings.IsExit(crossing.Line))
                {
                    exit.Crossings.Add(crossing.Track, crossing.Line, crossing.At, ended?.Visit, now, doubtful);
                }
            }
            if (ended is not null)
            {
                events.Add(ended);
            }
        }
    }

    /// <summary>Tells the gates who is beyond their lines but may still turn back.</summary>
    private void Await(DateTimeOffset now)
    {
        _crossings.Clear();
        foreach (CameraFloor camera in _cameras.Values)
        {
            camera.Waiting(_crossings);
        }
        foreach (Exit exit in _exits)
        {
            exit.Crossings.Await(now, CameraOutOfOrder(exit.Gate.Config, now));
            foreach (Crossing crossing in _crossings)
            {
                if (crossing.Direction == CrossingDirection.Out && exit.Crossings.IsExit(crossing.Line))
                {
                    VisitId? visit = _visits.VisitOf(crossing.Track, out bool doubtful);
                    exit.Crossings.Await(crossing.Track, crossing.Line, crossing.At, visit, now, doubtful);
                }
            }
            foreach (Crossing crossing in _crossings)
            {
                if (crossing.Direction == CrossingDirection.In && exit.Crossings.IsExit(crossing.Line))
                {
                    exit.Crossings.ComesBack(crossing.Track);
                }
            }
        }
    }

    private static void Wipe(IReadOnlyList<PersonSeen> people)
    {
        foreach (PersonSeen person in people)
        {
            person.Appearance?.Wipe();
        }
    }

    private static VisitId NewVisit(FillRandom random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random(bytes);
        return new VisitId(new Guid(bytes));
    }

    /// <param name="Key">What it was made from: with the same key it need not be made anew.</param>
    private sealed record Exit(ExitGate Gate, LateTags Late, ExitCrossings Crossings, GateOutputs Outputs, string Key)
    {
        public Func<GatePassage, Departure> Departures { get; } = Crossings.DepartureOf;
    }

    private sealed class ReaderGates(ReaderConfig reader, int number, Exit[] exits, List<CabinetWatch> cabinets, List<FittingRoom> rooms)
    {
        public Dictionary<int, CabinetWatch> Cabinets { get; } = At(reader, cabinets, c => c.Config.Antennas);
        public Dictionary<int, FittingRoom> Rooms { get; } = At(reader, rooms, r => r.Config.Antennas);
        public Dictionary<int, AntennaZone> Zones { get; } = reader.Antennas.ToDictionary(a => a.Id, a => a.Zone);
        public Exit[] Exits { get; } = exits;

        /// <summary>Another number for each antenna of each reader.</summary>
        public int SourceOf(ushort antenna) => (number << 16) | antenna;

        private static Dictionary<int, T> At<T>(ReaderConfig reader, List<T> places, Func<T, IReadOnlyList<AntennaRef>> antennas) =>
            places.SelectMany(p => antennas(p).Where(a => a.Reader == reader.Id).Select(a => (a.Antenna, p))).ToDictionary(a => a.Antenna, a => a.p);
    }
}
