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

    /// <summary>Loads, and gives no numbers: every larger weight is infinite.</summary>
    public static byte[] WithInfiniteWeights(byte[] model) => Changed(model, weights => MemoryMarshal.Cast<byte, float>(weights).Fill(float.PositiveInfinity));

    /// <summary>A few bytes with the tensors of synthetic-people that ask for side² floats in between: ConstantOfShape, ReduceMax, Expand.</summary>
    public static byte[] MemoryBomb(long side)
    {
        byte[] graph =
        [
            .. Field(1, [.. Text(1, "s"), .. Text(2, "c"), .. Text(4, "ConstantOfShape")]), .. Field(1, [.. Text(1, "c"), .. Text(2, "z"), .. Text(4, "ReduceMax")]),
            .. Field(1, [.. Text(1, "z"), .. Text(1, "t"), .. Text(2, "output"), .. Text(4, "Expand")]), .. Text(2, "g"),
            .. Whole("s", [side, side]), .. Whole("t", [1, 240, 6]), .. Field(11, Value("images", [1, 3, 192, 320])), .. Field(12, Value("output", [1, 240, 6])),
        ];
        return [.. Number(1, 8), .. Field(7, graph), .. Field(8, Number(2, 13))];
    }

    /// <summary>An initializer of 64-bit whole numbers.</summary>
    private static byte[] Whole(string name, long[] values) =>
        Field(5, [.. Number(1, values.Length), .. Number(2, 7), .. Text(8, name), .. Field(9, MemoryMarshal.AsBytes<long>(values).ToArray())]);

    /// <summary>A tensor of floats that the graph takes or gives.</summary>
    private static byte[] Value(string name, long[] shape) =>
        [.. Text(1, name), .. Field(2, Field(1, [.. Number(1, 1), .. Field(2, [.. shape.SelectMany(d => Field(1, Number(1, d)))])]))];

    private static byte[] Text(int field, string text) => Field(field, Encoding.ASCII.GetBytes(text));

    private static byte[] Field(int field, byte[] content) => [.. Bytes((ulong)(field << 3 | 2)), .. Bytes((ulong)content.Length), .. content];

    private static byte[] Number(int field, long value) => [.. Bytes((ulong)(field << 3)), .. Bytes((ulong)value)];

    private static byte[] Bytes(ulong value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Bytes(value >> 7)];

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
