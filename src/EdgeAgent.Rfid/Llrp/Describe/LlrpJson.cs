using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace EdgeAgent.Rfid.Llrp.Describe;

/// <summary>A tree as JSON, in the names of the standard. A parameter that can come more than once is always a list.</summary>
internal static class LlrpJson
{
    /// <summary>Fields, then parameters in the order in which their types first appear; within the object that is open.</summary>
    public static void Members(Utf8JsonWriter json, LlrpElement element)
    {
        foreach (LlrpField field in element.Fields)
        {
            if (field.Description.Kind != FieldKind.Reserved)
            {
                json.WritePropertyName(field.Description.Name);
                Value(json, field);
            }
        }
        if (element.Vendor is { } vendor)
        {
            json.WriteString("Name", vendor.Description!.Name);
            if (!vendor.Description.NameOnly)
            {
                json.WriteStartObject("Fields");
                Members(json, vendor);
                json.WriteEndObject();
            }
        }
        foreach (IGrouping<int, LlrpElement> group in element.Parameters.GroupBy(static p => p.Type))
        {
            LlrpElement first = group.First();
            bool isList = first.Description is null or { Repeats: true } || group.Skip(1).Any();
            json.WritePropertyName(first.Description?.Name ?? $"Parameter{first.Type}");
            if (isList)
            {
                json.WriteStartArray();
            }
            foreach (LlrpElement parameter in group)
            {
                Object(json, parameter);
            }
            if (isList)
            {
                json.WriteEndArray();
            }
        }
    }

    public static void HexString(Utf8JsonWriter json, string name, ReadOnlySpan<byte> bytes) => json.WriteString(name, Convert.ToHexStringLower(bytes));

    private static void Object(Utf8JsonWriter json, LlrpElement element)
    {
        json.WriteStartObject();
        if (element.Description is null)
        {
            HexString(json, "data", element.Body.Span);
        }
        Members(json, element);
        json.WriteEndObject();
    }

    private static void Value(Utf8JsonWriter json, in LlrpField field)
    {
        FieldDescription description = field.Description;
        ReadOnlySpan<byte> bytes = field.Bytes.Span;
        switch (description.Kind)
        {
            case FieldKind.Flag:
                json.WriteBooleanValue(field.Number != 0);
                break;
            case FieldKind.Signed:
                json.WriteNumberValue((long)field.Number);
                break;
            case FieldKind.Unsigned:
                Number(json, description, field.Number);
                break;
            case FieldKind.Text:
                json.WriteStringValue(Encoding.UTF8.GetString(bytes));
                break;
            case FieldKind.Numbers:
                json.WriteStartArray();
                for (int width = description.Bits / 8; !bytes.IsEmpty; bytes = bytes[width..])
                {
                    Number(json, description, NumberAt(bytes, width));
                }
                json.WriteEndArray();
                break;
            case FieldKind.Bits:
                json.WriteStartObject();
                json.WriteNumber("bits", field.Number);
                HexString(json, "hex", bytes);
                json.WriteEndObject();
                break;
            default:
                json.WriteStringValue(Convert.ToHexStringLower(bytes));
                break;
        }
    }

    public static ulong NumberAt(ReadOnlySpan<byte> bytes, int width) => width switch
    {
        1 => bytes[0],
        2 => BinaryPrimitives.ReadUInt16BigEndian(bytes),
        _ => BinaryPrimitives.ReadUInt32BigEndian(bytes),
    };

    private static void Number(Utf8JsonWriter json, FieldDescription description, ulong number)
    {
        if (description.Names is { } names && names.TryGetValue(number, out string? name))
        {
            json.WriteStringValue(name);
        }
        else
        {
            json.WriteNumberValue(number);
        }
    }
}
