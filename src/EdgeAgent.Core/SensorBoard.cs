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
        // Frames that arrive again after damage do not yet prove that nothing was lost: a degraded sensor recovers by time, see Tick.
        bool early = !sensor.IsOut && sensor.State == SensorState.Degraded && report.State == SensorState.Online && report.At - sensor.LastFault < s_recovery;
        if (!early)
        {
            Change(report.Kind, report.Id, sensor, report.State, report.Reason, report.At, events);
        }
    }

    public void Tick(DateTimeOffset now, List<ShopEvent> events)
    {
        foreach (((SensorKind kind, string id), Sensor sensor) in _sensors)
        {
            if (!sensor.IsOut && sensor.State == SensorState.Degraded && now - sensor.LastFault >= s_recovery)
            {
                Change(kind, id, sensor, SensorState.Online, SensorReason.None, now, events);
            }
        }
    }

    /// <summary>True when the sensor is away, or had a fault at most <paramref name="marginSeconds"/> before <paramref name="since"/> or later.</summary>
    public bool OutOfOrder(SensorKind kind, string id, DateTimeOffset since, double marginSeconds) =>
        _sensors.TryGetValue((kind, id), out Sensor? sensor)
        && (sensor.IsOut || (since - sensor.LastFault)?.TotalSeconds <= marginSeconds);

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

        /// <summary>
        /// A condition that lasts until the sensor says that it is over. A fault of the picture is one: the camera has looked, and found
        /// it well again; other degraded sensors report each fault and recover by time.
        /// </summary>
        public bool IsOut => State is SensorState.Offline or SensorState.Disabled
            || (State == SensorState.Degraded && Reason is SensorReason.Frozen or SensorReason.Black or SensorReason.Covered or SensorReason.Defocused or SensorReason.Moved);
    }
}
