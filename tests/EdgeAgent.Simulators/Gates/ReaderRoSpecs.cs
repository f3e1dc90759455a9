using System.Buffers.Binary;
using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Simulators.Gates;

/// <summary>
/// The one ROSpec that the reader keeps, also when its client has crashed. One that starts at once runs from ENABLE_ROSPEC to its disabling or
/// deleting; one that waits for a pin runs from the pin's change for its duration, in scene time. May be called by any thread.
/// </summary>
internal sealed class ReaderRoSpecs
{
    // Of a ROSpec parameter, its header included: header, number, priority, state.
    private const int StateAt = 9;

    private readonly Lock _touching = new();
    private byte[]? _spec;
    private uint _id;
    private RoSpecStart _start;
    private ushort _pin;
    private bool _pinHigh;
    private TimeSpan? _duration;
    private bool _enabled;
    private TimeSpan? _startedAt;

    /// <param name="now">Scene time, here and below.</param>
    public bool IsRunning(TimeSpan now)
    {
        lock (_touching)
        {
            return _startedAt is { } since && (_duration is not { } duration || now - since < duration);
        }
    }

    public void Forget()
    {
        lock (_touching)
        {
            (_spec, _enabled, _startedAt) = (null, false, null);
        }
    }

    public void PinChanged(ushort port, bool high, TimeSpan now)
    {
        lock (_touching)
        {
            if (_enabled && _start == RoSpecStart.OnPin && port == _pin && high == _pinHigh && !IsRunning(now))
            {
                _startedAt = now;
            }
        }
    }

    /// <summary>What the reader answers to a message about ROSpecs.</summary>
    public StatusCode Take(MessageType type, ReadOnlySpan<byte> body, TimeSpan now)
    {
        lock (_touching)
        {
            return type == MessageType.AddRoSpec ? Add(body) : Change(type, body, now);
        }
    }

    /// <summary>GET_ROSPECS_RESPONSE: the status, and the ROSpec as it was added but with the state that it has now.</summary>
    public byte[] Response(uint id, TimeSpan now)
    {
        LlrpWriter writer = new LlrpWriter(MessageType.GetRoSpecsResponse, id).Tlv(ParameterType.LlrpStatus, static s => s.U16(0).U16(0));
        lock (_touching)
        {
            if (_spec is not null)
            {
                // 16.2.4.1: 0 disabled, 1 inactive, 2 active.
                _spec[StateAt] = (byte)(IsRunning(now) ? 2 : _enabled ? 1 : 0);
                writer.Bytes(_spec);
            }
        }
        return writer.ToFrame();
    }

    private StatusCode Add(ReadOnlySpan<byte> body)
    {
        if (_spec is not null)
        {
            return StatusCode.FieldError; // one is left of a client that crashed
        }
        var parameters = new ParameterReader(body);
        if (!parameters.TryNext(out LlrpParameter spec) || spec.Type != ParameterType.RoSpec || spec.Value.Length < 6)
        {
            return StatusCode.ParameterError;
        }
        uint id = BinaryPrimitives.ReadUInt32BigEndian(spec.Value);
        if (id == 0 || spec.Value[5] != 0)
        {
            return StatusCode.FieldError; // 0 stands for all of them, and a new one is disabled
        }
        if (!TakeBoundary(spec.Value[6..]))
        {
            return StatusCode.MissingParameter;
        }
        _id = id;
        _spec = body.ToArray();
        return StatusCode.Success;
    }

    /// <summary>Start trigger <c>type:8 | GPITriggerValue port:16 high:1 reserved:7 timeout:32</c>, stop trigger <c>type:8 | duration:32 ms</c>.</summary>
    private bool TakeBoundary(ReadOnlySpan<byte> content)
    {
        bool starts = false;
        var parts = new ParameterReader(content);
        if (!parts.TryNext(out LlrpParameter boundary) || boundary.Type != ParameterType.RoBoundarySpec)
        {
            return false;
        }
        _duration = null;
        var triggers = new ParameterReader(boundary.Value);
        while (triggers.TryNext(out LlrpParameter trigger))
        {
            if (trigger.Type == ParameterType.RoSpecStartTrigger && trigger.Value.Length > 0)
            {
                _start = (RoSpecStart)trigger.Value[0];
                var pins = new ParameterReader(trigger.Value[1..]);
                if (pins.TryNext(out LlrpParameter pin) && pin.Type == ParameterType.GpiTriggerValue && pin.Value.Length >= 3)
                {
                    (_pin, _pinHigh) = (BinaryPrimitives.ReadUInt16BigEndian(pin.Value), (pin.Value[2] & 0x80) != 0);
                }
                starts = true;
            }
            else if (trigger.Type == ParameterType.RoSpecStopTrigger && trigger.Value.Length >= 5 && trigger.Value[0] == 1)
            {
                _duration = TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32BigEndian(trigger.Value[1..]));
            }
        }
        return starts;
    }

    private StatusCode Change(MessageType type, ReadOnlySpan<byte> body, TimeSpan now)
    {
        if (body.Length < 4)
        {
            return StatusCode.ParameterError;
        }
        uint id = BinaryPrimitives.ReadUInt32BigEndian(body);
        if (_spec is null || (id != _id && id != 0))
        {
            return id == 0 ? StatusCode.Success : StatusCode.FieldError; // of none, all are done
        }
        switch (type)
        {
            case MessageType.DeleteRoSpec:
                Forget();
                return StatusCode.Success;
            case MessageType.EnableRoSpec:
                _startedAt ??= _start == RoSpecStart.AtOnce ? now : null;
                _enabled = true;
                return StatusCode.Success;
            case MessageType.DisableRoSpec:
                (_enabled, _startedAt) = (false, null);
                return StatusCode.Success;
            case MessageType.StartRoSpec when _enabled:
                _startedAt = IsRunning(now) ? _startedAt : now;
                return StatusCode.Success;
            case MessageType.StopRoSpec when IsRunning(now):
                // One that starts at once does so again; that is why a client disables it.
                _startedAt = _start == RoSpecStart.AtOnce ? now : null;
                return StatusCode.Success;
            default:
                return StatusCode.FieldError; // to start what is disabled, to stop what does not run
        }
    }
}
