using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Rfid.Llrp;
using EdgeAgent.Rfid.Llrp.Describe;
using Xunit.Abstractions;

namespace EdgeAgent.Rfid.Tests.Vectors;

/// <summary>Everything that the shared vectors say about their bytes, whichever way they say it.</summary>
public sealed class LlrpDecodeVectorTests(ITestOutputHelper output)
{
    /// <summary>What a vector can hold; a new key must be looked at, not passed over.</summary>
    private static readonly HashSet<string> s_keys =
    [
        "id", "hex", "version", "type", "typeName", "messageId", "length", "decode", "decodeName", "tags", "expectRust", "expectStruct", "roundtrip", "call",
        "kind", "prefixOnly", "note", "headerLength", "headerSynthesised", "bodyHex", "offset", "dir", "t_ms",
    ];

    /// <summary>
    /// The toolkit's own XML of these bytes says session 1 where the two bits are 10: it reads two-bit fields from the wrong end. llrp-rs has
    /// 01 for session 1, and a reader takes 10 for session 2.
    /// </summary>
    private static readonly string[] s_wrongInSource = ["ADD_ROSPEC2.bin#0: Session is 2, not 1"];

    [SharedFact]
    public void Every_key_of_every_vector_is_one_that_these_tests_know() =>
        Assert.Empty(LlrpVector.All().SelectMany(static v => v.Json.EnumerateObject().Select(p => p.Name).Where(n => !s_keys.Contains(n)).Select(n => $"{v.File}: {n}")));

    [SharedFact]
    public void Every_message_has_its_known_header_and_body()
    {
        int fields = 0;
        foreach (LlrpVector vector in LlrpVector.All().Where(static v => v.IsWellFormed && !v.IsParameter))
        {
            LlrpElement root = vector.Tree(out LlrpHeader header);
            (string Key, string Value)[] known =
            [
                ("version", $"{header.Version}"), ("type", $"{(int)header.Type}"), ("messageId", $"{header.Id}"), ("length", $"{header.Length}"),
                ("typeName", root.Description!.Name), ("bodyHex", Convert.ToHexStringLower(root.Body.Span)),
            ];
            foreach ((string key, string value) in known.Where(k => vector.Json.TryGetProperty(k.Key, out _)))
            {
                Assert.Equal($"{vector.Id} {key} {vector.Json.GetProperty(key)}", $"{vector.Id} {key} {value}");
                fields++;
            }
        }
        output.WriteLine($"{fields} header fields compared");
        Assert.True(fields > 0);
    }

    [SharedFact]
    public void The_tags_of_every_report_are_exactly_the_known_ones()
    {
        var buffer = new TagReportBuffer();
        int messages = 0;
        int tags = 0;
        int fields = 0;
        foreach (LlrpVector vector in LlrpVector.All().Where(static v => v.Json.TryGetProperty("tags", out _)))
        {
            LlrpLine line = LlrpLine.Of(null, vector.Bytes, 0, buffer, withTree: false);
            Assert.True(line.Understood, $"{vector.Id}: {line.Text}");
            JsonElement known = vector.Json.GetProperty("tags");
            JsonElement said = JsonElement.Parse(line.Text).GetProperty("tags");
            Assert.True(JsonElement.DeepEquals(known, said), $"{vector.Id}: {said} instead of {known}");
            messages++;
            tags += known.GetArrayLength();
            fields += known.EnumerateArray().Sum(static t => t.EnumerateObject().Count());
        }
        output.WriteLine($"{messages} reports, {tags} tags, {fields} fields compared");
        Assert.True(messages > 0);
    }

    [SharedFact]
    public void Every_tree_holds_what_EdgeX_and_the_LLRP_toolkit_decoded()
    {
        int vectors = 0;
        int fields = 0;
        foreach (LlrpVector vector in LlrpVector.All().Where(static v => v.IsWellFormed && v.Json.TryGetProperty("decode", out _)))
        {
            var comparer = new TreeComparer(vector.Id);
            comparer.Compare(JsonNode.Parse(vector.Json.GetProperty("decode").GetRawText())!.AsObject(), vector.Tree(out _));
            Assert.Empty(comparer.Wrong.Except(s_wrongInSource));
            vectors++;
            fields += comparer.Fields;
        }
        output.WriteLine($"{vectors} messages, {fields} fields compared");
        Assert.True(fields > vectors);
    }

    [SharedFact]
    public void Every_tree_holds_what_llrp_rs_expects()
    {
        int vectors = 0;
        int statements = 0;
        int fields = 0;
        foreach (LlrpVector vector in LlrpVector.All().Where(static v => v.IsWellFormed && v.Json.TryGetProperty("expectRust", out _)))
        {
            var rust = new RustExpectations(vector);
            rust.CheckAll();
            Assert.Empty(rust.Wrong);
            vectors++;
            statements += rust.Statements;
            fields += rust.Fields;
        }
        output.WriteLine($"{vectors} messages, {statements} statements, {fields} fields compared");
        Assert.True(fields > vectors);
    }

    [SharedFact]
    public void Every_tree_is_what_go_llrp_was_asked_to_write()
    {
        int compared = 0;
        foreach (LlrpVector vector in LlrpVector.All().Where(static v => v.IsWellFormed && v.Json.TryGetProperty("call", out _)))
        {
            LlrpElement tree = vector.Tree(out LlrpHeader header);
            LlrpElement element = vector.IsParameter ? Assert.Single(tree.Parameters) : tree;
            string call = vector.Json.Text("call")!;
            string name = TreeComparer.Plain(call[..call.IndexOf('(', StringComparison.Ordinal)]);
            name = (name, element.Type) switch { ("epcdata", 13) => "epc96", ("status", _) => "llrpstatus", _ => name };
            Assert.Equal(name, TreeComparer.Plain(element.Description!.Name));
            compared++;
            string[] arguments = call[(call.IndexOf('(', StringComparison.Ordinal) + 1)..^1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            ulong[] numbers = [.. Numbers(element), header.Id];
            foreach (string argument in arguments.Where(a => a.All(char.IsAsciiDigit) && element.Type != 13))
            {
                Assert.Contains(ulong.Parse(argument, System.Globalization.CultureInfo.InvariantCulture), numbers);
                compared++;
            }
        }
        output.WriteLine($"{compared} names and arguments compared");
        Assert.True(compared > 0);
    }

    [SharedFact]
    public void Every_well_formed_vector_is_written_again_byte_for_byte()
    {
        int messages = 0;
        int parameters = 0;
        foreach (LlrpVector vector in LlrpVector.All().Where(static v => v.IsWellFormed))
        {
            LlrpElement tree = vector.Tree(out LlrpHeader header);
            byte[] written = vector.IsParameter ? LlrpEncoder.EncodeParameters(tree) : LlrpEncoder.Encode(new LlrpMessage(header, tree));
            Assert.Equal($"{vector.Id} {Convert.ToHexString(vector.Bytes)}", $"{vector.Id} {Convert.ToHexString(written)}");
            messages += vector.IsParameter ? 0 : 1;
            parameters += vector.IsParameter ? 1 : 0;
        }
        output.WriteLine($"{messages} messages and {parameters} parameters written again");
        Assert.True(messages > 0);
    }

    [SharedFact]
    public void What_its_source_calls_malformed_or_cut_is_not_understood()
    {
        int refused = 0;
        foreach (LlrpVector vector in LlrpVector.All().Where(static v => v.IsMalformed))
        {
            bool good = vector.IsParameter
                ? LlrpDescriber.TryDescribeParameters(vector.Bytes, out _, out LlrpDamage damage)
                : LlrpDescriber.TryDescribe(vector.Bytes, out _, out damage);
            Assert.False(good, vector.Id);
            Assert.NotEmpty(damage.What);
            refused++;
        }
        Assert.True(refused > 0);
    }

    private static IEnumerable<ulong> Numbers(LlrpElement element) => element.Fields.Select(static f => f.Number).Concat(element.Parameters.SelectMany(Numbers));
}
