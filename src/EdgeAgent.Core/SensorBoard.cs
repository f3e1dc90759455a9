namespace EdgeAgent.Core;

/// <summary>The state of each camera and reader, and whether one was out of order at a given time.</summary>
internal sealed class SensorBoard
{
    // A sensor that reported a passing fault is in order again when it stayed quiet for this long.
    private static readonly TimeSpan s_recovery = TimeSpan.FromSeconds(60);

    private readonly Dictionary<(SensorKind, string), Sensor> _sensors = [];

    /// <summary>Takes a report; adds an event when the published state changes.</summary>
    public void Report(ShopInput.SensorReported report, List<ShopEvent> events)
    {
        if (!_sensors.TryGetValue((report.Kind, report.Id), out Sensor? sensor))
        {
            sensor = new Sensor();
            _sensors.Add((report.Kind, report.Id), sensor);
        }
        // On the way back too: a sensor was away until the report that it is here again.
        if (report.State is SensorState.Degraded or SensorState.Offline || sensor.IsOut)
        {
            sensor.LastFault = report.At;
        }
        // Frames that arrive again after damage do not yet prove that nothing was lost: such a sensor recovers by time, see Tick.
        bool early = sensor.State == SensorState.Degraded && report.State == SensorState.Online && report.At - sensor.LastFault < s_recovery
            && (!Lasts(report.Kind, sensor.Reason) || sensor.Reason == SensorReason.DamagedMessage);
        if (report.State != SensorState.Degraded)
        {
            sensor.Lasting = SensorReason.None;
        }
        else if (Lasts(report.Kind, report.Reason))
        {
            sensor.Lasting = report.Reason;
        }
        if (!early)
        {
            Change(report.Kind, report.Id, sensor, report.State, report.Reason, report.At, events);
        }
    }

    public void Tick(DateTimeOffset now, List<ShopEvent> events)
    {
        foreach (((SensorKind kind, string id), Sensor sensor) in _sensors)
        {
            if (sensor.State == SensorState.Degraded && sensor.Reason != sensor.Lasting && now - sensor.LastFault >= s_recovery)
            {
                // What lasts shows again when the passing fault on top of it is over.
                SensorState state = sensor.Lasting == SensorReason.None ? SensorState.Online : SensorState.Degraded;
                Change(kind, id, sensor, state, sensor.Lasting, now, events);
            }
        }
    }

    /// <summary>It is not configured any more. Says so once, if it was ever heard of.</summary>
    public void Forget(SensorKind kind, string id, DateTimeOffset now, List<ShopEvent> events)
    {
        if (_sensors.Remove((kind, id), out Sensor? sensor))
        {
            Change(kind, id, sensor, SensorState.Disabled, SensorReason.None, now, events);
        }
    }

    /// <summary>True when the sensor is away, or had a fault at most <paramref name="marginSeconds"/> before <paramref name="since"/> or later.</summary>
    public bool OutOfOrder(SensorKind kind, string id, DateTimeOffset since, double marginSeconds) =>
        _sensors.TryGetValue((kind, id), out Sensor? sensor)
        && (sensor.IsOut || (since - sensor.LastFault)?.TotalSeconds <= marginSeconds);

    /// <summary>It was heard of, and what it said last is not that it is well.</summary>
    public bool IsIll(SensorKind kind, string id) => _sensors.TryGetValue((kind, id), out Sensor? sensor) && sensor.State is not (null or SensorState.Online);

    /// <summary>
    /// A fault that is told once and holds until the sensor says that it is online: the sensor has looked, and found itself well again. Other
    /// faults are told each time they happen and pass by themselves. A reader tells of each damaged message, a camera only of the first.
    /// </summary>
    private static bool Lasts(SensorKind kind, SensorReason reason) =>
        reason is SensorReason.Frozen or SensorReason.Black or SensorReason.Covered or SensorReason.Defocused or SensorReason.Moved
            or SensorReason.PhotoEyeStuck or SensorReason.RejectedSettings or SensorReason.OutsideRange
        || (kind == SensorKind.Camera && reason == SensorReason.DamagedMessage);

    private static void Change(
        SensorKind kind, string id, Sensor sensor, SensorState state, SensorReason reason, DateTimeOffset at, List<ShopEvent> events)
    {
        if (sensor.State != state || sensor.Reason != reason)
        {
            sensor.State = state;
            sensor.Reason = reason;
            events.Add(new ShopEvent.SensorChanged(at, kind, id, state, reason));
        }
    }

    private sealed class Sensor
    {
        public SensorState? State { get; set; }
        public SensorReason Reason { get; set; }
        public DateTimeOffset? LastFault { get; set; }

        /// <summary>The degraded condition that holds until the sensor says that it is online; None for none.</summary>
        public SensorReason Lasting { get; set; }

        /// <summary>
        /// It sees or hears nothing that may be believed, however long ago it said so. A reader without some of its settings still reads: a wrong
        /// entry must not hold every bag.
        /// </summary>
        public bool IsOut => State is SensorState.Offline or SensorState.Disabled || Lasting is not (SensorReason.None or SensorReason.RejectedSettings);
    }
}
