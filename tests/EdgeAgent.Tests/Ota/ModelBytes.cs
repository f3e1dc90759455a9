using System.Runtime.InteropServices;
using System.Text;

namespace EdgeAgent.Tests.Ota;

/// <summary>Model files made from a good one: the same with a note, with its weights in the wrong order, with single bits turned.</summary>
internal static class ModelBytes
{
    /// <summary>The same model in another file: a note is added (onnx.proto, ModelProto.metadata_props = 14: key 1, value 2).</summary>
    public static byte[] Variant(byte[] model, string note) =>
        [.. model, (14 << 3) | 2, (byte)(note.Length + 5), (1 << 3) | 2, 1, (byte)'n', (2 << 3) | 2, (byte)note.Length, .. Encoding.ASCII.GetBytes(note)];

    /// <summary>Loads, runs, and is wrong: the weights of each larger tensor stand in reverse order.</summary>
    public static byte[] WithSwappedWeights(byte[] model) => Changed(model, weights => MemoryMarshal.Cast<byte, int>(weights).Reverse());

    /// <summary>Loads, runs, and is wrong: in each larger tensor the upper bit of the exponent of every 16th weight is turned (IEEE 754, bit 30).</summary>
    public static byte[] WithFlippedBits(byte[] model) => Changed(model, weights =>
    {
        for (int i = 3; i < weights.Length; i += 64)
        {
            weights[i] ^= 0x40;
        }
    });

    private delegate void Change(Span<byte> weights);

    private static byte[] Changed(byte[] model, Change change)
    {
        byte[] changed = [.. model];
        int tensors = 0;
        // ModelProto.graph = 7, GraphProto.initializer = 5, TensorProto.raw_data = 9.
        Walk(changed, 0, changed.Length, [7, 5, 9], 0, (from, length) =>
        {
            if (length >= 1024)
            {
                change(changed.AsSpan(from, length));
                tensors++;
            }
        });
        Assert.True(tensors > 0, "The model keeps its weights in another form than this damage knows.");
        return changed;
    }

    private static void Walk(byte[] bytes, int at, int end, int[] path, int depth, Action<int, int> found)
    {
        while (at < end)
        {
            ulong key = Varint(bytes, ref at);
            switch (key & 7)
            {
                case 0:
                    Varint(bytes, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    int length = (int)Varint(bytes, ref at);
                    if ((int)(key >> 3) == path[depth])
                    {
                        if (depth == path.Length - 1)
                        {
                            found(at, length);
                        }
                        else
                        {
                            Walk(bytes, at, at + length, path, depth + 1, found);
                        }
                    }
                    at += length;
                    break;
            }
        }
    }

    private static ulong Varint(byte[] bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte b = bytes[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }
    }
}
