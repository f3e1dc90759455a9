using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace EdgeAgent.Rfid.Llrp;

/// <summary>Status codes of LLRP 1.0.1 section 13.2.1.1, and the one of 1.1 that old readers send.</summary>
internal enum StatusCode : ushort
{
    Success = 0,
    ParameterError = 100,
    FieldError = 101,
    UnexpectedParameter = 102,
    MissingParameter = 103,
    DuplicateParameter = 104,
    OverflowParameter = 105,
    OverflowField = 106,
    UnknownParameter = 107,
    UnknownField = 108,
    UnsupportedMessage = 109,
    UnsupportedVersion = 110,
    UnsupportedParameter = 111,
    UnexpectedMessage = 112,
    ParameterParameterError = 200,
    ParameterFieldError = 201,
    Invalid = 300,
    OutOfRange = 301,
    DeviceError = 401,
}

/// <summary>
/// How a reader answered (LLRPStatus, LLRP 1.0.1 section 16.2.8.1): <c>code:16 | n:16 | n bytes UTF-8 | [FieldError] | [ParameterError]</c>.
/// </summary>
/// <param name="Text">The reader's own words, at most <see cref="MaxText"/> characters; for people near the box only.</param>
/// <param name="Path">Parameter numbers from the outside in that lead to the error; empty when the message itself is at fault.</param>
/// <param name="Field">Number of the refused field, counted from 1, or null.</param>
/// <param name="Cause">The innermost error code, or the status itself.</param>
internal sealed record LlrpStatus(StatusCode Code, string Text, IReadOnlyList<ParameterType> Path, int? Field, StatusCode Cause)
{
    public const int MaxText = 200;

    /// <summary>ParameterErrors nest as deep as the refused message; a gate's ROSpec is 6 deep.</summary>
    private const int MaxDepth = 16;

    public bool IsSuccess => Code == StatusCode.Success;

    /// <summary>Finds the LLRPStatus among a response's parameters.</summary>
    /// <param name="body">What follows the message header.</param>
    /// <returns>False when the body is damaged or has no status.</returns>
    public static bool TryFind(ReadOnlySpan<byte> body, out LlrpStatus status)
    {
        var parameters = new ParameterReader(body);
        while (parameters.TryNext(out LlrpParameter parameter))
        {
            if (parameter.Type == ParameterType.LlrpStatus)
            {
                return TryRead(parameter.Value, out status);
            }
        }
        status = Empty;
        return false;
    }

    /// <summary>A sentence part for people: what was refused and where.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Code.ToString());
        if (Path.Count > 0)
        {
            text.Append(" in ").AppendJoin(" / ", Path);
        }
        if (Field is { } field)
        {
            text.Append(CultureInfo.InvariantCulture, $", field {field}");
        }
        if (Cause != Code)
        {
            text.Append(CultureInfo.InvariantCulture, $": {Cause}");
        }
        if (Text.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $" (\"{Text}\")");
        }
        return text.ToString();
    }

    /// <summary>Stands for an answer whose own status could not be read.</summary>
    public static LlrpStatus NotUnderstood { get; } = new(StatusCode.ParameterError, "the answer could not be understood", [], null, StatusCode.ParameterError);

    private static LlrpStatus Empty { get; } = new(StatusCode.Success, "", [], null, StatusCode.Success);

    private static bool TryRead(ReadOnlySpan<byte> value, out LlrpStatus status)
    {
        status = Empty;
        if (value.Length < 4)
        {
            return false;
        }
        var code = (StatusCode)BinaryPrimitives.ReadUInt16BigEndian(value);
        int textLength = BinaryPrimitives.ReadUInt16BigEndian(value[2..]);
        if (value.Length < 4 + textLength)
        {
            return false;
        }
        string text = ReadableText(value.Slice(4, textLength));
        if (!TryErrors(value[(4 + textLength)..], out List<ParameterType> path, out int? field, out StatusCode? cause))
        {
            return false;
        }
        status = new LlrpStatus(code, text, path, field, cause ?? code);
        return true;
    }

    /// <summary>
    /// FieldError (16.2.8.1.1): <c>field:16 | code:16</c>. ParameterError (16.2.8.1.2): <c>parameter:16 | code:16 | [FieldError] | [ParameterError]</c>.
    /// The nesting is followed in a loop with a bound.
    /// </summary>
    private static bool TryErrors(ReadOnlySpan<byte> level, out List<ParameterType> path, out int? field, out StatusCode? cause)
    {
        path = [];
        field = null;
        cause = null;
        for (int depth = 0; depth < MaxDepth; depth++)
        {
            ReadOnlySpan<byte> inner = default;
            var parameters = new ParameterReader(level);
            while (parameters.TryNext(out LlrpParameter parameter))
            {
                bool isField = parameter.Type == ParameterType.FieldError;
                if (!isField && parameter.Type != ParameterType.ParameterError)
                {
                    continue;
                }
                if (parameter.Value.Length < 4)
                {
                    return false;
                }
                int number = BinaryPrimitives.ReadUInt16BigEndian(parameter.Value);
                cause = (StatusCode)BinaryPrimitives.ReadUInt16BigEndian(parameter.Value[2..]);
                if (isField)
                {
                    field = number;
                }
                else
                {
                    path.Add((ParameterType)number);
                    inner = parameter.Value[4..];
                }
            }
            if (parameters.Damaged)
            {
                return false;
            }
            if (inner.IsEmpty)
            {
                return true;
            }
            level = inner;
        }
        return false;
    }

    /// <summary>A reader's text reaches status pages: control characters become spaces and the length has an end.</summary>
    internal static string ReadableText(ReadOnlySpan<byte> utf8)
    {
        string text = Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, MaxText)]);
        return string.Create(text.Length, text, static (to, from) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = char.IsControl(from[i]) ? ' ' : from[i];
            }
        }).Trim();
    }
}
