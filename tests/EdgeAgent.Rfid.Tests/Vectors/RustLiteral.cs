using System.Globalization;
using System.Text.Json.Nodes;

namespace EdgeAgent.Rfid.Tests.Vectors;

/// <summary>
/// Reads the struct literals in which llrp-rs states what its frames hold, as JSON: a struct is an object that says its type in <c>$type</c>,
/// an enumeration is its last word, Some and other wrappers are what is in them, None is null.
/// </summary>
internal sealed class RustLiteral
{
    public const string Type = "$type";

    private readonly string _text;
    private int _at;

    private RustLiteral(string text) => _text = text;

    /// <exception cref="FormatException">It is no literal.</exception>
    public static JsonNode? Parse(string text)
    {
        var literal = new RustLiteral(text);
        JsonNode? value = literal.Value();
        literal.Blank();
        return literal._at == text.Length ? value : throw literal.Bad();
    }

    private JsonNode? Value()
    {
        Blank();
        JsonNode? value = Peek() switch
        {
            '"' => Text(),
            '[' => List(),
            '&' => Referenced(),
            '-' or (>= '0' and <= '9') => Number(),
            _ => Named(),
        };
        do
        {
            Blank();
        }
        while (Take(".into()"));
        return value;
    }

    private JsonNode? Referenced()
    {
        _at++;
        return Value();
    }

    private JsonNode? Named()
    {
        string path = While(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or ':');
        string name = path[(path.LastIndexOf(':') + 1)..];
        if (Take("!"))
        {
            return List();
        }
        Blank();
        if (Peek() == '{')
        {
            return Struct(name);
        }
        if (Peek() == '(')
        {
            _at++;
            JsonNode? inner = Value();
            Blank();
            Take(",");
            Blank();
            Expect(')');
            return name == "EPC_96" ? new JsonObject { [Type] = name, ["EPC"] = inner } : inner;
        }
        return name switch
        {
            "" => throw Bad(),
            "None" => null,
            "true" => JsonValue.Create(true),
            "false" => JsonValue.Create(false),
            _ => JsonValue.Create(name),
        };
    }

    private JsonObject Struct(string name)
    {
        var fields = new JsonObject { [Type] = name };
        Expect('{');
        for (Blank(); Peek() != '}'; Blank())
        {
            string field = While(static c => char.IsAsciiLetterOrDigit(c) || c == '_');
            Blank();
            Expect(':');
            fields[field] = Value();
            Blank();
            Take(",");
        }
        Expect('}');
        return fields;
    }

    /// <summary><c>[a, b]</c> or <c>[a; n]</c>.</summary>
    private JsonArray List()
    {
        var values = new JsonArray();
        Expect('[');
        for (Blank(); Peek() != ']'; Blank())
        {
            values.Add(Value());
            Blank();
            if (Take(";"))
            {
                Blank();
                for (int n = (int)Number().GetValue<long>(); n > 1; n--)
                {
                    values.Add(values[0]!.DeepClone());
                }
            }
            Take(",");
        }
        Expect(']');
        return values;
    }

    private JsonValue Number()
    {
        string digits = While(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_').Replace("_", "", StringComparison.Ordinal);
        return JsonValue.Create(digits.StartsWith("0x", StringComparison.Ordinal)
            ? long.Parse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : long.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
    }

    private JsonValue Text()
    {
        int end = _text.IndexOf('"', _at + 1);
        string text = _text[(_at + 1)..end];
        _at = end + 1;
        return JsonValue.Create(text);
    }

    private void Blank() => While(char.IsWhiteSpace);

    private string While(Func<char, bool> good)
    {
        int start = _at;
        while (_at < _text.Length && good(_text[_at]))
        {
            _at++;
        }
        return _text[start.._at];
    }

    private char Peek() => _at < _text.Length ? _text[_at] : '\0';

    private bool Take(string token)
    {
        bool there = _text.AsSpan(_at).StartsWith(token, StringComparison.Ordinal);
        _at += there ? token.Length : 0;
        return there;
    }

    private void Expect(char c)
    {
        if (!Take($"{c}"))
        {
            throw Bad();
        }
    }

    private FormatException Bad() => new($"Not a literal at {_at}: {_text}");
}
