using System.Buffers.Binary;
using EdgeAgent.SyntheticModels.Learning;

namespace EdgeAgent.SyntheticModels.Onnx;

/// <summary>
/// An ONNX model being written: IR version 8, operator set 13. Field numbers: onnx/onnx.proto of
/// https://github.com/onnx/onnx/tree/v1.14.0. Every method appends one node and returns the name of its output.
/// </summary>
internal sealed class OnnxGraph(string name)
{
    private const int Float = 1;
    private const int Int64 = 7;

    private readonly ProtoMessage _graph = new();
    private int _nodes;

    /// <summary>A whole layer: convolution, rectification, and the way around it.</summary>
    public string Layer(string input, Network network, int layer)
    {
        ConvShape shape = network.Layers[layer];
        string at = Conv(input, shape, network.Weights(network.Parameters, layer), network.Biases(network.Parameters, layer));
        if (shape.Active)
        {
            at = Node("LeakyRelu", [at], new ProtoMessage().Text(1, "alpha").Single(2, ConvLayer.Leak).Integer(20, 1));
        }
        return shape.Residual ? Node("Add", [at, input]) : at;
    }

    public string Conv(string input, ConvShape shape, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    {
        string w = FloatConstant($"w{_nodes}", weights, [shape.OutChannels, shape.InChannels, shape.KernelHeight, shape.KernelWidth]);
        string b = FloatConstant($"b{_nodes}", bias, [shape.OutChannels]);
        return Node("Conv", [input, w, b],
            Ints("dilations", shape.Dilation, shape.Dilation),
            Ints("kernel_shape", shape.KernelHeight, shape.KernelWidth),
            Ints("pads", shape.Padding, shape.Padding, shape.Padding, shape.Padding),
            Ints("strides", shape.Stride, shape.Stride));
    }

    public string Sigmoid(string input) => Node("Sigmoid", [input]);

    /// <summary>(input - mean) · scale, the same for all channels.</summary>
    public string Normalize(string input, float mean, float scale)
    {
        string centred = Node("Sub", [input, FloatConstant("mean", [mean], [1])]);
        return Node("Mul", [centred, FloatConstant("scale", [scale], [1])]);
    }

    public string Concat(string first, string second, int axis) => Node("Concat", [first, second], Int("axis", axis));

    public string Reshape(string input, params long[] shape)
    {
        byte[] raw = new byte[shape.Length * 8];
        for (int i = 0; i < shape.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(raw.AsSpan(i * 8), shape[i]);
        }
        string constant = $"shape{_nodes}";
        _graph.Message(5, Tensor(constant, Int64, [shape.Length]).Bytes(9, raw));
        return Node("Reshape", [input, constant]);
    }

    public string Transpose(string input, params int[] order) => Node("Transpose", [input], Ints("perm", order));

    /// <summary>Scales to length 1 along <paramref name="axis"/>.</summary>
    public string UnitLength(string input, int axis) => Node("LpNormalization", [input], Int("axis", axis), Int("p", 2));

    /// <summary>Closes the model: names its input and output and says what it is.</summary>
    public byte[] Finish(string input, int[] inputShape, string last, string output, int[] outputShape, string description)
    {
        Node("Identity", [last], output);
        _graph.Text(2, name);
        _graph.Message(11, Value(input, inputShape));
        _graph.Message(12, Value(output, outputShape));
        return new ProtoMessage()
            .Integer(1, 8)
            .Text(2, "EdgeAgent.SyntheticModels")
            .Text(6, description)
            .Message(7, _graph)
            .Message(8, new ProtoMessage().Text(1, "").Integer(2, 13))
            .Message(14, new ProtoMessage().Text(1, "synthetic").Text(2, "true"))
            .ToArray();
    }

    private string Node(string op, string[] inputs, params ProtoMessage[] attributes) => Node(op, inputs, $"n{_nodes}", attributes);

    private string Node(string op, string[] inputs, string output, params ProtoMessage[] attributes)
    {
        var node = new ProtoMessage();
        foreach (string input in inputs)
        {
            node.Text(1, input);
        }
        node.Text(2, output).Text(3, $"{op}{_nodes}").Text(4, op);
        foreach (ProtoMessage attribute in attributes)
        {
            node.Message(5, attribute);
        }
        _graph.Message(1, node);
        _nodes++;
        return output;
    }

    private string FloatConstant(string constant, ReadOnlySpan<float> values, int[] shape)
    {
        _graph.Message(5, Tensor(constant, Float, shape).RawFloats(9, values));
        return constant;
    }

    private static ProtoMessage Tensor(string name, int type, int[] shape)
    {
        var tensor = new ProtoMessage();
        foreach (int side in shape)
        {
            tensor.Integer(1, side);
        }
        return tensor.Integer(2, type).Text(8, name);
    }

    private static ProtoMessage Value(string name, int[] shape)
    {
        var sides = new ProtoMessage();
        foreach (int side in shape)
        {
            sides.Message(1, new ProtoMessage().Integer(1, side));
        }
        var tensor = new ProtoMessage().Integer(1, Float).Message(2, sides);
        return new ProtoMessage().Text(1, name).Message(2, new ProtoMessage().Message(1, tensor));
    }

    private static ProtoMessage Int(string name, long value) => new ProtoMessage().Text(1, name).Integer(3, value).Integer(20, 2);

    private static ProtoMessage Ints(string name, params int[] values)
    {
        ProtoMessage attribute = new ProtoMessage().Text(1, name);
        foreach (int value in values)
        {
            attribute.Integer(8, value);
        }
        return attribute.Integer(20, 7);
    }
}
