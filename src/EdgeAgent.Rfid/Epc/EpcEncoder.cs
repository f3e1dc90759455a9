using EdgeAgent.Core;
using EdgeAgent.Core.Gs1;

namespace EdgeAgent.Rfid.Epcs;

/// <summary>From what a code shall say to the bits of the tag (TDS 2.3 sections 14.3 and 14.5), padded to whole words.</summary>
public static class EpcEncoder
{
    private const string TagPrefix = "urn:epc:tag:";

    /// <summary>Schemes in the order in which they are tried: the shortest that can carry the identity.</summary>
    public static bool TryEncode(PureIdentity identity, int filter, out Epc epc, out string error)
    {
        epc = default;
        error = $"{identity.Scheme.ToUpperInvariant()} has no binary coding scheme: its codes are not written to tags.";
        foreach (EpcScheme scheme in EpcScheme.All)
        {
            if (!scheme.IsPlus && scheme.Identity == identity.Scheme && scheme.Name != "GDTI-113"
                && TryEncode(scheme, identity, scheme.FilterBits == 0 ? -1 : filter, out epc, out error))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>A scheme from before TDS 2.0.</summary>
    /// <param name="filter">Ignored by GID-96, which has none.</param>
    /// <param name="error">A sentence that says what is wrong; empty when the code was written.</param>
    public static bool TryEncode(EpcScheme scheme, PureIdentity identity, int filter, out Epc epc, out string error)
    {
        epc = default;
        if (scheme.Identity != identity.Scheme || scheme.IsPlus)
        {
            error = $"{scheme.Name} cannot carry {identity.Uri}.";
            return false;
        }
        error = CheckFilter(scheme, filter);
        if (error.Length > 0)
        {
            return false;
        }
        var writer = new BitWriter();
        writer.Write(8, scheme.Header);
        writer.Write(scheme.FilterBits, (uint)Math.Max(filter, 0));
        int at = 0;
        foreach (EpcField field in scheme.Fields)
        {
            string wrong = FieldWriter.Write(writer, field, identity.Parts, ref at);
            if (wrong.Length > 0)
            {
                error = $"{scheme.Name} cannot carry {identity.Uri}: {wrong}.";
                return false;
            }
        }
        epc = writer.ToEpc();
        return true;
    }

    /// <summary>A scheme of TDS 2.x.</summary>
    /// <param name="elements">The keys with their check digits; for DSGTIN+ a day among them.</param>
    /// <param name="hostname">For the ++ schemes, else null.</param>
    public static bool TryEncode(EpcScheme scheme, IReadOnlyList<Gs1Element> elements, string? hostname, int filter, out Epc epc, out string error)
    {
        epc = default;
        error = CheckFilter(scheme, filter);
        error = error.Length > 0 ? error : PlusKeys.Check(scheme, elements, hostname);
        if (error.Length > 0)
        {
            return false;
        }
        var writer = new BitWriter();
        writer.Write(8, scheme.Header);
        writer.Write(1, 0);
        writer.Write(scheme.FilterBits, (uint)filter);
        foreach (EpcField field in scheme.Fields)
        {
            string wrong = "";
            if (field.Kind == FieldKind.Hostname)
            {
                HostnameText.Write(writer, hostname!);
            }
            else if (field.Kind == FieldKind.Date)
            {
                FieldWriter.Date(writer, PlusKeys.Date(elements)!.Value);
            }
            else
            {
                wrong = FieldWriter.Write(writer, field, PlusKeys.Value(scheme, field, elements));
            }
            if (wrong.Length > 0)
            {
                error = $"{scheme.Name} cannot carry {Gs1Element.Bracketed(elements)}: {wrong}.";
                return false;
            }
        }
        if (!writer.Fits)
        {
            error = $"{scheme.Name} would need {writer.Bits} bits; an EPC bank has at most {Epc.MaxBits}.";
            return false;
        }
        epc = writer.ToEpc();
        return true;
    }

    /// <summary>Reads <c>urn:epc:tag:SCHEME:FILTER.…</c> and writes that code.</summary>
    public static bool TryEncodeTagUri(string uri, out Epc epc, out string error)
    {
        epc = default;
        int colon = uri.StartsWith(TagPrefix, StringComparison.Ordinal) ? uri.IndexOf(':', TagPrefix.Length) : -1;
        EpcScheme? scheme = colon < 0 ? null : Array.Find([.. EpcScheme.All], s => !s.IsPlus && uri.AsSpan(TagPrefix.Length, colon - TagPrefix.Length).SequenceEqual(s.Name.ToLowerInvariant()));
        if (scheme is null)
        {
            error = $"'{uri}' is no EPC tag URI: it must begin with urn:epc:tag: and a scheme such as sgtin-96, and a colon.";
            return false;
        }
        string body = uri[(colon + 1)..];
        int filter = -1;
        if (scheme.FilterBits > 0)
        {
            int dot = body.IndexOf('.', StringComparison.Ordinal);
            if (dot is < 1 or > 2 || !Gs1Text.AreDigits(body.AsSpan(0, dot)) || (dot == 2 && body[0] == '0'))
            {
                error = $"'{uri}' has no filter value behind its scheme.";
                return false;
            }
            filter = int.Parse(body.AsSpan(0, dot), null);
            body = body[(dot + 1)..];
        }
        return PureIdentity.TryParts(scheme.Identity, body, out PureIdentity identity, out error) && TryEncode(scheme, identity, filter, out epc, out error);
    }

    private static string CheckFilter(EpcScheme scheme, int filter)
    {
        int most = (1 << scheme.FilterBits) - 1;
        return scheme.FilterBits == 0 || (filter >= 0 && filter <= most) ? "" : $"A filter value of {scheme.Name} is 0 to {most}; got {filter}.";
    }
}
