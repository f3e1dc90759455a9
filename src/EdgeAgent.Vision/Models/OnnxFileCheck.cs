namespace EdgeAgent.Vision.Models;

/// <summary>
/// Looks through a model file before ONNX Runtime sees it. A model is one file with one hash, so weights kept in another file
/// (which may name any path on the box) are refused; so are tensors larger than the file and nesting without end.
/// Protocol buffers wire format: key = field number &lt;&lt; 3 | wire type; field numbers from onnx/onnx.proto (IR version 10).
/// </summary>
internal static class OnnxFileCheck
{
    // Graphs nest inside If and Loop nodes: message, node, attribute, graph are four levels per nesting.
    private const int MaxDepth = 48;
    public const string ExternalData = "keeps weights in another file (external data), which is refused";
    private const string Cut = "is cut off or damaged in its structure";

    private enum Kind { Model, Graph, Node, Attribute, Tensor, Sparse, Function, Training, Other }

    /// <summary>Null when the file may be handed to ONNX Runtime, else what is wrong, as the rest of a sentence that begins with "it".</summary>
    public static string? FindProblem(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty)
        {
            return "is empty";
        }
        bool hasGraph = false;
        string? problem = Walk(file, Kind.Model, 0, file.Length, ref hasGraph);
        return problem ?? (hasGraph ? null : "is not an ONNX model: it holds no graph");
    }

    private static string? Walk(ReadOnlySpan<byte> message, Kind kind, int depth, int fileLength, ref bool hasGraph)
    {
        if (depth > MaxDepth)
        {
            return $"nests more than {MaxDepth} levels deep";
        }
        UInt128 elements = 1;
        while (!message.IsEmpty)
        {
            if (!TryVarint(ref message, out ulong key) || key >> 3 is 0 or > 0x1FFFFFFF)
            {
                return Cut;
            }
            int field = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    if (!TryVarint(ref message, out ulong value))
                    {
                        return Cut;
                    }
                    if (kind == Kind.Tensor && field == 14 && value != 0)
                    {
                        return ExternalData;
                    }
                    if (kind == Kind.Tensor && field == 1 && !Grow(ref elements, value, fileLength))
                    {
                        return "declares a tensor larger than the file itself";
                    }
                    break;
                case 1 when message.Length >= 8:
                    message = message[8..];
                    break;
                case 5 when message.Length >= 4:
                    message = message[4..];
                    break;
                case 2:
                    if (!TryVarint(ref message, out ulong length) || length > (ulong)message.Length)
                    {
                        return Cut;
                    }
                    ReadOnlySpan<byte> body = message[..(int)length];
                    message = message[(int)length..];
                    if (kind == Kind.Tensor && field == 13)
                    {
                        return ExternalData;
                    }
                    if (kind == Kind.Tensor && field == 1)
                    {
                        while (!body.IsEmpty)
                        {
                            if (!TryVarint(ref body, out ulong dimension))
                            {
                                return Cut;
                            }
                            if (!Grow(ref elements, dimension, fileLength))
                            {
                                return "declares a tensor larger than the file itself";
                            }
                        }
                        break;
                    }
                    Kind inner = Inner(kind, field);
                    hasGraph |= kind == Kind.Model && inner == Kind.Graph;
                    string? problem = inner == Kind.Other ? null : Walk(body, inner, depth + 1, fileLength, ref hasGraph);
                    if (problem is not null)
                    {
                        return problem;
                    }
                    break;
                default:
                    return Cut;
            }
        }
        return null;
    }

    private static Kind Inner(Kind kind, int field) => (kind, field) switch
    {
        (Kind.Model, 7) => Kind.Graph,
        (Kind.Model, 20) => Kind.Training,
        (Kind.Model, 25) => Kind.Function,
        (Kind.Training, 1 or 2) => Kind.Graph,
        (Kind.Function, 7) => Kind.Node,
        (Kind.Function, 11) => Kind.Attribute,
        (Kind.Graph, 1) => Kind.Node,
        (Kind.Graph, 5) => Kind.Tensor,
        (Kind.Graph, 15) => Kind.Sparse,
        (Kind.Node, 5) => Kind.Attribute,
        (Kind.Attribute, 5 or 10) => Kind.Tensor,
        (Kind.Attribute, 6 or 11) => Kind.Graph,
        (Kind.Attribute, 22 or 23) => Kind.Sparse,
        (Kind.Sparse, 1 or 2) => Kind.Tensor,
        _ => Kind.Other,
    };

    /// <summary>The smallest element type takes half a byte, so a whole tensor has at most two elements per byte of the file.</summary>
    private static bool Grow(ref UInt128 elements, ulong dimension, int fileLength)
    {
        elements *= dimension;
        return dimension <= long.MaxValue && elements <= 2ul * (ulong)fileLength;
    }

    private static bool TryVarint(ref ReadOnlySpan<byte> message, out ulong value)
    {
        value = 0;
        for (int i = 0; i < message.Length && i < 10; i++)
        {
            value |= (ulong)(message[i] & 0x7F) << (7 * i);
            if (message[i] < 0x80)
            {
                message = message[(i + 1)..];
                return true;
            }
        }
        return false;
    }
}
