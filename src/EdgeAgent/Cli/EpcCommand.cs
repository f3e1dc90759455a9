using System.CommandLine;
using System.Globalization;
using EdgeAgent.Core;
using EdgeAgent.Core.Gs1;
using EdgeAgent.Rfid.Epcs;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent epc decode | encode</c>: one JSON object a line for each code, whatever becomes of it.</summary>
internal static class EpcCommand
{
    private const string FromInput = "-";

    public static Command Create()
    {
        var codes = new Argument<string[]>("CODE") { Description = "Hexadecimal codes, or texts as for encode; - reads one a line from standard input.", Arity = ArgumentArity.OneOrMore };
        var pc = new Option<string?>("--pc") { Description = "The tag's protocol control word, four hexadecimal digits: ISO tags and cut codes are told by it.", HelpName = "HEX" };
        var oldLinks = new Option<bool>("--old-links") { Description = "Takes Digital Links as they were before version 1.3 too: words such as /gtin/ and /ser/, GTINs of 8, 12 or 13 digits." };
        var decode = new Command("decode", "Says what a tag's code is: scheme, filter, URIs, GS1 element string, Digital Link, GTIN and serial.") { codes, pc, oldLinks };
        decode.SetAction(result =>
        {
            if (!TryWord(result.GetValue(pc), out ushort? word))
            {
                Terminal.Error($"--pc takes four hexadecimal digits; got '{result.GetValue(pc)}'.");
                return ExitCode.Usage;
            }
            bool old = result.GetValue(oldLinks);
            return Each(result.GetRequiredValue(codes), code => Decode(code, word, old));
        });

        var texts = new Argument<string[]>("TEXT") { Description = "A tag URI, pure identity URI, GS1 element string or Digital Link; - reads one a line from standard input.", Arity = ArgumentArity.OneOrMore };
        var scheme = new Option<string?>("--scheme") { Description = "The binary coding scheme, such as SGTIN-198 or SGTIN+; else the shortest that carries the text.", HelpName = "NAME" };
        var filter = new Option<int>("--filter") { Description = "The filter value, for texts other than tag URIs: 1 is an item for sale.", HelpName = "0..7" };
        var company = new Option<int?>("--company-prefix") { Description = "Digits of the GS1 company prefix; element strings and Digital Links need it for the schemes before TDS 2.0.", HelpName = "6..12" };
        var encode = new Command("encode", "Gives the bits of a tag for a URI, an element string or a Digital Link.") { texts, scheme, filter, company, oldLinks };
        encode.SetAction(result =>
        {
            string? name = result.GetValue(scheme);
            EpcScheme? found = name is null ? null : EpcScheme.Find(name);
            if (name is not null && found is null)
            {
                Terminal.Error($"There is no scheme '{name}'; there are {string.Join(", ", EpcScheme.All.Select(static s => s.Name))}.");
                return ExitCode.Usage;
            }
            var options = new EpcTextOptions(found, result.GetValue(filter), result.GetValue(company), result.GetValue(oldLinks));
            return Each(result.GetRequiredValue(texts), text => Encode(text, options));
        });
        return new Command("epc", "The codes on RFID tags: what they say, and how they are written.")
        {
            decode.WithExamples(
                """
                edge-agent epc decode 3074257BF7194E4000001A85
                edge-agent epc decode 'urn:epc:id:sgtin:0614141.812345.6789'
                edge-agent epc decode - < codes.txt
                """),
            encode.WithExamples(
                """
                edge-agent epc encode urn:epc:tag:sgtin-96:1.0614141.812345.6789
                edge-agent epc encode '(01)80614141123458(21)6789' --filter 1 --company-prefix 7
                edge-agent epc encode 'https://shop.example/01/80614141123458/21/6789'
                """),
        };
    }

    private static int Each(string[] words, Func<string, (string Line, bool Good)> say)
    {
        bool good = true;
        foreach (string word in words)
        {
            IEnumerable<string> lines = word == FromInput ? Lines() : [word];
            foreach (string line in lines)
            {
                (string text, bool understood) = say(line);
                Terminal.Line(text);
                good &= understood;
            }
        }
        return good ? ExitCode.Ok : ExitCode.Code;
    }

    private static IEnumerable<string> Lines()
    {
        while (Console.In.ReadLine() is { } line)
        {
            if (line.Trim() is { Length: > 0 } text)
            {
                yield return text;
            }
        }
    }

    private static (string Line, bool Good) Decode(string text, ushort? pc, bool oldLinks)
    {
        // As people and programs write bytes: in groups, with 0x before them.
        string hex = string.Concat((text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text).Where(static c => c is not (' ' or '-' or ':')));
        if (hex.Length > 0 && hex.All(char.IsAsciiHexDigit))
        {
            return !TryBits(hex, out Epc epc, out string wrong) || !EpcDecoder.TryDecode(epc, out EpcCode code, out wrong, pc)
                ? (EpcLine.Error("hex", text, wrong), false)
                : (EpcLine.Of(code, "hex", text), true);
        }
        if (text.StartsWith("urn:epc:tag:", StringComparison.OrdinalIgnoreCase) || text.StartsWith(RawUri.Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return Encode(text, new EpcTextOptions());
        }
        return EpcText.TryRead(text, new EpcTextOptions(OldLinks: oldLinks), out PureIdentity? identity, out IReadOnlyList<Gs1Element> elements, out string error)
            ? (EpcLine.Of(text, identity, elements), true)
            : (EpcLine.Error("text", text, error), false);
    }

    private static (string Line, bool Good) Encode(string text, EpcTextOptions options)
    {
        if (!EpcText.TryEncode(text, options, out Epc epc, out string error) || !EpcDecoder.TryDecode(epc, out EpcCode code, out error))
        {
            return (EpcLine.Error("text", text, error), false);
        }
        return (EpcLine.Of(code, "text", text, epc.ToHex()), true);
    }

    /// <summary>Digits need not fill whole bytes: SGLN-195 is written with 49.</summary>
    private static bool TryBits(string hex, out Epc epc, out string error)
    {
        epc = default;
        error = hex.Length * 4 > Epc.MaxBits ? $"An EPC bank has at most {Epc.MaxBits} bits; got {hex.Length * 4}." : "";
        if (error.Length > 0)
        {
            return false;
        }
        epc = new Epc(Convert.FromHexString(hex.Length % 2 == 0 ? hex : hex + "0"), hex.Length * 4);
        return true;
    }

    private static bool TryWord(string? hex, out ushort? word)
    {
        bool good = ushort.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort value) && hex!.Length == 4;
        word = good ? value : null;
        return good || hex is null;
    }
}
