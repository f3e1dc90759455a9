using EdgeAgent.Core.Cabinets;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Visits;

namespace EdgeAgent.Core;

// What a gate says of itself: whether it is armed, and whether its photo-eye can be believed.
public sealed partial class ShopFloor
{
    // By name: a gate that is configured anew stays as it was.
    private readonly HashSet<string> _disarmed = [];

    /// <summary>A gate is armed until it is told otherwise. Bags that are still open are decided as the gate is when their window ends.</summary>
    private void Arm(ShopInput.GateArmed order, List<ShopEvent> events)
    {
        if (_exits.Find(exit => exit.Gate.Config.Id == order.Gate) is not Exit exit)
        {
            StrayInputs++;
            return;
        }
        _ = order.Armed ? _disarmed.Remove(order.Gate) : _disarmed.Add(order.Gate);
        (SensorState state, SensorReason reason) = !order.Armed
            ? (SensorState.Disabled, SensorReason.Disarmed)
            : exit.Gate.EyeStuck ? (SensorState.Degraded, SensorReason.PhotoEyeStuck) : (SensorState.Online, SensorReason.None);
        _sensors.Report(new ShopInput.SensorReported(order.At, SensorKind.Gate, order.Gate, state, reason), events);
    }

    private void Pin(ShopInput.PinChanged pin, List<ShopEvent> events)
    {
        bool known = _members.Pin(pin, events);
        foreach (Exit exit in _exits)
        {
            if (exit.Gate.HasEyeAt(pin.Reader, pin.Port))
            {
                known = true;
                if (exit.Gate.Pin(pin.At, pin.High))
                {
                    ReportEye(exit, pin.At, SensorState.Online, SensorReason.None, events);
                }
            }
        }
        foreach (CabinetWatch cabinet in _cabinets)
        {
            if (cabinet.HasDoorAt(pin.Reader, pin.Port))
            {
                known = true;
                cabinet.Pin(pin.At, pin.High, FaultsAt, events);
            }
        }
        StrayInputs += known ? 0 : 1;
    }

    /// <summary>A disarmed gate stays so whatever its photo-eye says; arming it looks at the eye again.</summary>
    private void ReportEye(Exit exit, DateTimeOffset at, SensorState state, SensorReason reason, List<ShopEvent> events)
    {
        if (!_disarmed.Contains(exit.Gate.Config.Id))
        {
            _sensors.Report(new ShopInput.SensorReported(at, SensorKind.Gate, exit.Gate.Config.Id, state, reason), events);
        }
    }

    /// <summary>Why the passage cannot be trusted, if a reader or a camera of this gate had a fault around it.</summary>
    private HoldReason? FaultReason(Exit exit, GatePassage passage)
    {
        GateConfig gate = exit.Gate.Config;
        if (gate.Readers.Any(reader => _sensors.OutOfOrder(SensorKind.Reader, reader, passage.From, gate.CrossingSeconds)))
        {
            return HoldReason.ReaderDegraded;
        }
        return CameraOutOfOrder(gate, passage.From) ? HoldReason.CameraDegraded : null;
    }

    // Asked at each tick: no query, whose captures would be allocated each time.
    private bool CameraOutOfOrder(GateConfig gate, DateTimeOffset at)
    {
        foreach (CameraFloor camera in _cameras.Values)
        {
            if (_sensors.OutOfOrder(SensorKind.Camera, camera.Camera, at, gate.CrossingSeconds) && camera.HasExit(gate.Exits))
            {
                return true;
            }
        }
        return false;
    }
}
