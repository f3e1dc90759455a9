using EdgeAgent.Core;
using EdgeAgent.Core.Gs1;

namespace EdgeAgent.Rfid.Epcs;

/// <summary>What a text does not say about the tag to write.</summary>
/// <param name="Scheme">Null: what the text says, else the shortest that carries it.</param>
/// <param name="Filter">For texts other than tag URIs.</param>
/// <param name="CompanyDigits">Digits of the company prefix, for element strings and Digital Links in schemes before TDS 2.0.</param>
/// <param name="OldLinks">Digital Links as before version 1.3 are taken too.</param>
public sealed record EpcTextOptions(EpcScheme? Scheme = null, int Filter = 0, int? CompanyDigits = null, bool OldLinks = false);

/// <summary>The written forms of a code: tag URI, raw URI, pure identity URI, GS1 element string and GS1 Digital Link.</summary>
public static class EpcText
{
    /// <summary>What the text names, without a tag: pure identity where the text shows it, and its keys of GS1.</summary>
    /// <param name="error">A sentence that says what is wrong; empty when the text was read.</param>
    public static bool TryRead(string text, EpcTextOptions options, out PureIdentity? identity, out IReadOnlyList<Gs1Element> elements, out string error)
    {
        identity = null;
        elements = [];
        if (text.StartsWith("urn:", StringComparison.OrdinalIgnoreCase))
        {
            if (!PureIdentity.TryParse(text, out identity, out error))
            {
                return false;
            }
            elements = identity.Elements();
            return true;
        }
        if (!TryElements(text, options.OldLinks, out elements, out error))
        {
            return false;
        }
        return options.CompanyDigits is not int digits || PureIdentity.TryFromElements(elements, digits, out identity, out error);
    }

    /// <summary>Writes the code that the text names.</summary>
    public static bool TryEncode(string text, EpcTextOptions options, out Epc epc, out string error)
    {
        if (text.StartsWith("urn:epc:tag:", StringComparison.OrdinalIgnoreCase))
        {
            return EpcEncoder.TryEncodeTagUri(text, out epc, out error) && Agrees(EpcScheme.Find(epc.Bytes[0])!, options, out error);
        }
        if (text.StartsWith(RawUri.Prefix, StringComparison.OrdinalIgnoreCase))
        {
            // Bits that say nothing are told apart when they are decoded.
            return RawUri.TryParse(text, out epc, out error) && EpcDecoder.TryDecode(epc, out EpcCode code, out error) && Agrees(code.Scheme, options, out error);
        }
        epc = default;
        if (!TryRead(text, options, out PureIdentity? identity, out IReadOnlyList<Gs1Element> elements, out error))
        {
            return false;
        }
        if (options.Scheme is { } scheme)
        {
            return scheme.IsPlus ? EpcEncoder.TryEncode(scheme, elements, scheme.HasHostname ? Host(text) : null, options.Filter, out epc, out error)
                : identity is null ? NeedsPrefix(scheme, out error)
                : EpcEncoder.TryEncode(scheme, identity, options.Filter, out epc, out error);
        }
        if (identity is not null)
        {
            return EpcEncoder.TryEncode(identity, options.Filter, out epc, out error);
        }
        string? host = Host(text);
        host = host == DigitalLinkUri.CanonicalHost ? null : host;
        if (PlusKeys.SchemeOf(elements, host is not null) is not { } plus)
        {
            error = $"No scheme carries {Gs1Element.Bracketed(elements)}.";
            return false;
        }
        return EpcEncoder.TryEncode(plus, elements, host, options.Filter, out epc, out error);
    }

    private static bool TryElements(string text, bool oldLinks, out IReadOnlyList<Gs1Element> elements, out string error) =>
        text.StartsWith("http", StringComparison.OrdinalIgnoreCase)
            ? DigitalLinkUri.TryParse(text, out elements, out error, oldLinks)
            : Gs1ElementString.TryParse(text, out elements, out error);

    /// <summary>The host of a Digital Link with its port; null when the text is none.</summary>
    private static string? Host(string text)
    {
        int start = text.IndexOf("://", StringComparison.Ordinal);
        return start < 0 ? null : text[(start + 3)..].Split('/')[0];
    }

    private static bool NeedsPrefix(EpcScheme scheme, out string error)
    {
        error = $"{scheme.Name} needs the length of the company prefix, which the text does not show.";
        return false;
    }

    private static bool Agrees(EpcScheme written, EpcTextOptions options, out string error)
    {
        error = options.Scheme is { } scheme && scheme != written ? $"The URI is of {written.Name}, not of {scheme.Name}." : "";
        return error.Length == 0;
    }
}
