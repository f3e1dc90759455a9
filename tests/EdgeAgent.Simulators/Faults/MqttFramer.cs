namespace EdgeAgent.Simulators.Faults;

/// <summary>Cuts a stream of bytes into MQTT packets: first byte, remaining length in one to four bytes of seven bits, body (MQTT 5, 2.1).</summary>
internal sealed class MqttFramer
{
    public const int Publish = 3;
    public const int PubAck = 4;

    private byte[] _held = [];

    /// <summary>Packets that are complete now, in order; the rest is kept until more comes.</summary>
    public IEnumerable<byte[]> Take(ReadOnlyMemory<byte> bytes)
    {
        _held = [.. _held, .. bytes.Span];
        var at = 0;
        while (TryLength(_held.AsSpan(at), out int length) && at + length <= _held.Length)
        {
            yield return _held[at..(at + length)];
            at += length;
        }
        _held = _held[at..];
    }

    public static int Kind(byte[] packet) => packet[0] >> 4;

    private static bool TryLength(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        for (var i = 1; i <= 4 && i < bytes.Length; i++)
        {
            length |= (bytes[i] & 0x7F) << (7 * (i - 1));
            if ((bytes[i] & 0x80) == 0)
            {
                length += i + 1;
                return true;
            }
        }
        return bytes.Length > 4 ? throw new InvalidDataException("No MQTT: the remaining length has more than four bytes.") : false;
    }
}
