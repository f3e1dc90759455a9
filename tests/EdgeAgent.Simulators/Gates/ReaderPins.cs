using System.Buffers.Binary;
using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Simulators.Gates;

/// <summary>
/// The input and output pins of a reader. Inputs say nothing until a client has switched on both the pin and its events, as with Impinj's
/// readers; that and the outputs stay when the client has gone. An output of mode 1 (Impinj's AdvancedGPOConfiguration) turns into the opposite by
/// itself; a level that is written meanwhile begins its time anew.
/// </summary>
internal sealed class ReaderPins(TimeProvider time)
{
    /// <summary>Inputs, and as many outputs.</summary>
    public const int Count = 4;

    // EventNotificationState type, 16.2.7.5.1.
    private const int GpiEvents = 1;

    private readonly Lock _touching = new();

    // Counted from 1.
    private readonly bool[] _inputs = new bool[Count + 1];
    private readonly bool[] _watched = new bool[Count + 1];
    private readonly bool[] _outputs = new bool[Count + 1];
    private readonly TimeSpan?[] _pulses = new TimeSpan?[Count + 1];
    private readonly ITimer?[] _ends = new ITimer?[Count + 1];
    private bool _tells;

    /// <summary>An output changed: port and whether it is on.</summary>
    public event Action<ushort, bool>? OutputChanged;

    public bool IsOutputOn(int port)
    {
        lock (_touching)
        {
            return port is > 0 and <= Count && _outputs[port];
        }
    }

    /// <returns>Whether the client is to be told.</returns>
    public bool SetInput(ushort port, bool high)
    {
        lock (_touching)
        {
            if (port is 0 or > Count)
            {
                return false;
            }
            _inputs[port] = high;
            return _tells && _watched[port];
        }
    }

    /// <summary>The reader boots: what clients have set is forgotten.</summary>
    public void Restart()
    {
        lock (_touching)
        {
            Array.Clear(_outputs);
            Array.Clear(_pulses);
            Array.ForEach(_ends, end => end?.Dispose());
            Array.Clear(_watched);
            _tells = false;
        }
    }

    /// <summary>One parameter of SET_READER_CONFIG; others than those of pins are passed over.</summary>
    /// <returns>False for a pin that is not there.</returns>
    public bool Take(LlrpParameter parameter)
    {
        ReadOnlySpan<byte> value = parameter.Value;
        switch (parameter.Type)
        {
            case ParameterType.GpoWriteData when value.Length == 3:
                return SetOutput(BinaryPrimitives.ReadUInt16BigEndian(value), (value[2] & 0x80) != 0);
            case ParameterType.Custom when value.Length == 16 && BinaryPrimitives.ReadUInt32BigEndian(value) == TagReportDecoder.ImpinjVendor
                && BinaryPrimitives.ReadUInt32BigEndian(value[4..]) == GateRequests.ImpinjAdvancedGpo:
                return SetMode(BinaryPrimitives.ReadUInt16BigEndian(value[8..]), BinaryPrimitives.ReadUInt16BigEndian(value[10..]), BinaryPrimitives.ReadUInt32BigEndian(value[12..]));
            case ParameterType.GpiPortCurrentState when value.Length == 4:
                return Watch(BinaryPrimitives.ReadUInt16BigEndian(value), (value[2] & 0x80) != 0);
            case ParameterType.ReaderEventNotificationSpec:
                TakeEvents(value);
                return true;
            default:
                return true;
        }
    }

    /// <summary>GPIPortCurrentState <c>port:16 | config:1 reserved:7 | state:8</c>, 0 low and 1 high; GPOWriteData <c>port:16 | on:1 reserved:7</c>.</summary>
    public void Write(LlrpWriter writer)
    {
        lock (_touching)
        {
            for (int i = 1; i <= Count; i++)
            {
                int port = i;
                writer.Tlv(ParameterType.GpiPortCurrentState, g => g.U16(port).U8(_watched[port] ? 0x80 : 0).U8(_inputs[port] ? 1 : 0));
            }
            for (int i = 1; i <= Count; i++)
            {
                int port = i;
                writer.Tlv(ParameterType.GpoWriteData, g => g.U16(port).U8(_outputs[port] ? 0x80 : 0));
            }
        }
    }

    private bool SetOutput(ushort port, bool on)
    {
        if (port is 0 or > Count)
        {
            return false;
        }
        bool changed;
        lock (_touching)
        {
            changed = _outputs[port] != on;
            _outputs[port] = on;
            _ends[port]?.Dispose();
            _ends[port] = _pulses[port] is TimeSpan pulse ? time.CreateTimer(_ => Turn(port, !on), null, pulse, Timeout.InfiniteTimeSpan) : null;
        }
        if (changed)
        {
            OutputChanged?.Invoke(port, on);
        }
        return true;
    }

    private bool SetMode(ushort port, ushort mode, uint milliseconds)
    {
        if (port is 0 or > Count || mode > 1)
        {
            return false;
        }
        lock (_touching)
        {
            _pulses[port] = mode == 1 ? TimeSpan.FromMilliseconds(milliseconds) : null;
            _ends[port]?.Dispose();
            _ends[port] = null;
        }
        return true;
    }

    /// <summary>A pulse ends.</summary>
    private void Turn(ushort port, bool on)
    {
        lock (_touching)
        {
            if (_ends[port] is null || _outputs[port] == on)
            {
                return;
            }
            _outputs[port] = on;
        }
        OutputChanged?.Invoke(port, on);
    }

    private bool Watch(ushort port, bool on)
    {
        if (port is 0 or > Count)
        {
            return false;
        }
        lock (_touching)
        {
            _watched[port] = on;
        }
        return true;
    }

    /// <summary>EventNotificationState <c>type:16 | on:1 reserved:7</c>.</summary>
    private void TakeEvents(ReadOnlySpan<byte> content)
    {
        var states = new ParameterReader(content);
        while (states.TryNext(out LlrpParameter state))
        {
            if (state.Type == ParameterType.EventNotificationState && state.Value.Length == 3 && BinaryPrimitives.ReadUInt16BigEndian(state.Value) == GpiEvents)
            {
                lock (_touching)
                {
                    _tells = (state.Value[2] & 0x80) != 0;
                }
            }
        }
    }
}
