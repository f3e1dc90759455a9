using System.Buffers;
using System.Text.Json;

namespace EdgeAgent.Egress;

/// <summary>
/// Several envelopes in one message: the JSON batch format of CloudEvents 1.0, an array without a blank between its elements, so that each
/// element has the very bytes it would have had alone.
/// </summary>
internal static class EventBatch
{
    /// <summary>Below the box's root.</summary>
    public const string Topic = "evt/batch";

    public const string ContentType = "application/cloudevents-batch+json";

    public const int MostEvents = 500;

    /// <summary>What a batch adds to its events: brackets, and a comma each.</summary>
    public static int Overhead(int events) => events + 1;

    /// <summary>What stands before envelope number <paramref name="index"/>.</summary>
    public static void Separate(IBufferWriter<byte> output, int index) => output.Write(index == 0 ? "["u8 : ","u8);

    /// <summary>What stands behind the last.</summary>
    public static void End(IBufferWriter<byte> output) => output.Write("]"u8);

    /// <summary>The envelopes of a message, with their own bytes: of a batch, or the one of a message that is none.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> payload)
    {
        var reader = new Utf8JsonReader(payload.Span);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return [payload];
        }
        var envelopes = new List<ReadOnlyMemory<byte>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var from = (int)reader.TokenStartIndex;
            reader.Skip();
            envelopes.Add(payload[from..(int)reader.BytesConsumed]);
        }
        return envelopes;
    }
}
