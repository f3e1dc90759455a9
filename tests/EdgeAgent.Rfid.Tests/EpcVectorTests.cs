using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Gs1;
using EdgeAgent.Rfid.Epcs;

namespace EdgeAgent.Rfid.Tests;

/// <summary>Every entry of the shared EPC vectors in every direction that it gives. The counts are what the file had when they were written.</summary>
public class EpcVectorTests
{
    [SharedFact]
    public void Every_code_says_what_its_vector_says()
    {
        int decoded = 0;
        foreach (EpcVector vector in EpcVector.Valid().Where(static v => v.Hex is not null))
        {
            EpcCode code = vector.Decoded();
            if (vector.TagUri is { } tag)
            {
                Assert.Equal(tag, code.TagUri);
            }
            if (vector.Uri is { } uri && code.Identity is not null)
            {
                Assert.Equal(uri, code.PureIdentityUri);
            }
            if (vector.ElementString is { } element)
            {
                Assert.Equal(element, code.ElementString);
            }
            if (vector.Json.Text("digitalLink") is { } link)
            {
                Assert.Equal(link, code.DigitalLink);
            }
            if (vector.Json.Text("scheme") is { } scheme)
            {
                Assert.StartsWith(scheme.ToUpperInvariant(), code.Scheme.Name.ToUpperInvariant(), StringComparison.Ordinal);
            }
            if (vector.Filter is int filter)
            {
                Assert.Equal(filter, code.Filter);
            }
            decoded++;
        }
        Assert.True(decoded >= 112, $"{decoded}");
    }

    [SharedFact]
    public void Every_trade_item_has_the_GTIN_and_the_serial_of_its_vector()
    {
        int items = 0;
        foreach (EpcVector vector in EpcVector.Valid().Where(static v => v.Hex is not null && v.Decoded().Gtin is not null))
        {
            EpcCode code = vector.Decoded();
            Assert.True(Gtin.IsValid14(code.Gtin));
            if (vector.Json.Text("gtin14") is { } gtin)
            {
                Assert.Equal(gtin, code.Gtin);
            }
            if (vector.Json.Text("serial") is { } serial)
            {
                Assert.Equal(serial, code.Serial);
            }
            if (vector.Json.Text("ean13") is { } ean)
            {
                Assert.True(Gtin.TryShorten(code.Gtin!, 13, out string shorter));
                Assert.Equal(ean, shorter);
            }
            if (vector.CompanyDigits is int digits && code.Identity is not null)
            {
                Assert.Equal(digits, code.Identity.CompanyDigits);
            }
            items++;
        }
        Assert.True(items >= 61, $"{items}");
    }

    [SharedFact]
    public void Every_bare_identifier_is_made_of_the_same_values()
    {
        int compared = 0;
        foreach (EpcVector vector in EpcVector.Valid().Where(static v => v.Json.Text("bareIdentifier") is not null && v.Hex is not null))
        {
            EpcCode code = vector.Decoded();
            string[] values = [.. vector.Json.Text("bareIdentifier")!.Split(';').Select(static pair => pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..])];
            string[] found = [.. code.Elements.Select(static e => e.Value), .. code.Hostname is null ? [] : new[] { code.Hostname }];
            // A GRAI of the older schemes is named without the zero that fills its key up.
            found[0] = code.Scheme.Name is "GRAI-96" or "GRAI-170" ? found[0][1..] : found[0];
            Assert.Equal(values, found);
            compared++;
        }
        Assert.True(compared >= 11, $"{compared}");
    }

    [SharedFact]
    public void Every_tag_URI_gives_the_bits_of_its_vector()
    {
        int encoded = 0;
        foreach (EpcVector vector in EpcVector.Valid().Where(static v => v.Hex is not null && v.TagUri is not null))
        {
            Assert.True(EpcText.TryEncode(vector.TagUri!, new EpcTextOptions(), out Core.Epc epc, out string error), error);
            Assert.Equal(EpcVector.Bare(vector.Hex!), EpcVector.Bare(epc.ToHex()));
            Assert.Equal(0, epc.Bits % 16);
            encoded++;
        }
        Assert.True(encoded >= 101, $"{encoded}");
    }

    [SharedFact]
    public void Every_code_is_written_again_from_each_of_its_forms()
    {
        int written = 0;
        foreach (EpcVector vector in EpcVector.Valid().Where(static v => v.Hex is not null))
        {
            EpcCode code = vector.Decoded();
            var options = new EpcTextOptions(code.Scheme, code.Filter, code.Identity?.CompanyDigits is > 0 and int digits ? digits : null);
            string?[] forms = [code.TagUri, code.PureIdentityUri, code.Scheme.HasHostname ? null : code.ElementString, code.DigitalLink];
            foreach (string form in forms.Where(static f => f is not null).Cast<string>())
            {
                Assert.True(EpcText.TryEncode(form, options, out Core.Epc epc, out string error), $"{form}: {error}");
                Assert.Equal(EpcVector.Bare(vector.Hex!), EpcVector.Bare(epc.ToHex()));
                written++;
            }
        }
        Assert.True(written >= 400, $"{written}");
    }

    [SharedFact]
    public void Every_pure_identity_is_read_and_written_alike_and_has_its_GS1_key()
    {
        int read = 0;
        foreach (EpcVector vector in EpcVector.Valid().Where(static v => v.Uri is not null))
        {
            Assert.True(PureIdentity.TryParse(vector.Uri!, out PureIdentity identity, out string error), error);
            Assert.Equal(vector.Uri, identity.Uri);
            string elements = Gs1Element.Bracketed(identity.Elements());
            if (vector.ElementString is { } expected)
            {
                Assert.Equal(expected, elements);
            }
            if (vector.Json.Text("gs1_key") is { } key)
            {
                string value = identity.Elements()[0].Value;
                // epcpy leaves the zeros before a GTIN and a GRAI away.
                Assert.Equal(key, value[^key.Length..]);
                Assert.All(value[..^key.Length], static c => Assert.Equal('0', c));
            }
            if (vector.CompanyDigits is int digits && vector.ElementString is { } text)
            {
                Assert.True(EpcText.TryRead(text, new EpcTextOptions(CompanyDigits: digits), out PureIdentity? again, out _, out error), error);
                Assert.Equal(vector.Uri, again!.Uri);
            }
            read++;
        }
        Assert.True(read >= 137, $"{read}");
    }

    [SharedFact]
    public void Every_invalid_vector_is_refused_with_a_sentence()
    {
        int refused = 0;
        foreach (EpcVector vector in EpcVector.All().Where(static v => v.Json.Text("expect") == "invalid"))
        {
            string error = Refusal(vector);
            Assert.True(error.Length > 10 && error.EndsWith('.'), vector.Json.ToString());
            refused++;
        }
        Assert.True(refused >= 23, $"{refused}");
    }

    /// <summary>Why the vector's URI, its bits or what shall be made of its URI is wrong; empty when nothing is.</summary>
    private static string Refusal(EpcVector vector)
    {
        if (vector.Hex is { } hex && !EpcDecoder.TryDecode(EpcVector.Tag(hex), out _, out string error))
        {
            return error;
        }
        if (vector.TagUri is { } tag && !EpcText.TryEncode(tag, new EpcTextOptions(), out _, out error))
        {
            return error;
        }
        if (vector.Uri is not { } uri)
        {
            return "";
        }
        if (!PureIdentity.TryParse(uri, out PureIdentity identity, out error))
        {
            return error;
        }
        if (vector.KwargsGtinDigits is > 0 and int digits && !Gtin.TryShorten(identity.Elements()[0].Value, digits, out _))
        {
            return $"The GTIN has no {digits} digits.";
        }
        return vector.KwargsScheme is { } scheme && !EpcEncoder.TryEncode(scheme, identity, 0, out _, out error) ? error : "";
    }
}
