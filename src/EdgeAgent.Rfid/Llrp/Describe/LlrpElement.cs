namespace EdgeAgent.Rfid.Llrp.Describe;

/// <summary>One field as it stood on the wire.</summary>
/// <param name="Number">The number; of a signed one its sign-extended bits; of a list its count.</param>
/// <param name="Bytes">What a list, a text or the rest holds, without its count; a part of the frame.</param>
internal readonly record struct LlrpField(FieldDescription Description, ulong Number, ReadOnlyMemory<byte> Bytes);

/// <summary>A message or parameter as a tree. Its bytes are parts of the frame that it was read from and live as long as that.</summary>
internal sealed class LlrpElement(int type, ElementDescription? description, ReadOnlyMemory<byte> body)
{
    private List<LlrpField>? _fields;
    private List<LlrpElement>? _parameters;

    public int Type { get; } = type;

    /// <summary>Null for a TLV parameter that no table names: it is kept as bytes.</summary>
    public ElementDescription? Description { get; } = description;

    /// <summary>Everything behind its header.</summary>
    public ReadOnlyMemory<byte> Body { get; } = body;

    /// <summary>The reserved bits before the type.</summary>
    public int Reserved { get; init; }

    /// <summary>What the data of a custom parameter or message say, when the vendor's layout is known and fits; else null.</summary>
    public LlrpElement? Vendor { get; set; }

    public IReadOnlyList<LlrpField> Fields => _fields ?? [];

    public IReadOnlyList<LlrpElement> Parameters => _parameters ?? [];

    public void Add(LlrpField field) => (_fields ??= []).Add(field);

    public void Add(LlrpElement parameter) => (_parameters ??= []).Add(parameter);

    public LlrpElement? Find(ParameterType type)
    {
        foreach (LlrpElement parameter in Parameters)
        {
            if (parameter.Type == (int)type)
            {
                return parameter;
            }
        }
        return null;
    }
}

/// <summary>A whole message: the ten bytes of its header, and the rest as a tree.</summary>
internal sealed record LlrpMessage(LlrpHeader Header, LlrpElement Root);

/// <summary>Why bytes are not a message.</summary>
/// <param name="Offset">Where in the frame it went wrong.</param>
internal readonly record struct LlrpDamage(string What, int Offset);
