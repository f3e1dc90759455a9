using System.CommandLine;
using EdgeAgent.Rfid.Llrp.Describe;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent llrp decode</c>: what a reader and its client said to each other, one JSON object a line.</summary>
internal static class LlrpCommand
{
    private const string FromInput = "-";

    public static Command Create()
    {
        var file = new Argument<string>("FILE")
        {
            Description = "The bytes of a TCP stream, one frame in hexadecimal a line, JSON lines with a field 'hex' as an llrp: recording has them, or a JSON file with a list 'vectors'; - is standard input.",
        };
        var tree = new Option<bool>("--tree") { Description = "Tag reports also as the tree of their parameters, as all other messages are shown." };
        var decode = new Command("decode", "Says what the frames of an LLRP capture are: tag reports as tags, other messages with every field in the names of the standard.") { file, tree };
        decode.SetAction(result => Decode(result.GetRequiredValue(file), result.GetValue(tree)));
        return new Command("llrp", "The bytes between an RFID reader and its client.")
        {
            decode.WithExamples(
                """
                edge-agent llrp decode gate-1.jsonl                           a recording of a replay
                edge-agent llrp decode stream.bin --tree
                echo '043E 0000000A 0000004A' | edge-agent llrp decode -
                edge-agent llrp decode gate-1.jsonl | jq -c '.tags[]? | [.epc, .antenna, .peakRssiDbm]'
                """),
        };
    }

    private static int Decode(string file, bool withTree)
    {
        if (Directory.Exists(file))
        {
            Terminal.Error($"{file} is a folder, not a capture.");
            return ExitCode.File;
        }
        bool good = true;
        bool any = false;
        using Stream capture = file == FromInput ? Console.OpenStandardInput() : File.OpenRead(file);
        foreach (LlrpLine line in LlrpCapture.Decode(capture, withTree))
        {
            Terminal.Line(line.Text);
            good &= line.Understood;
            any = true;
        }
        if (!any)
        {
            Terminal.Error($"{(file == FromInput ? "Standard input" : file)} holds no frame.");
            return ExitCode.File;
        }
        return good ? ExitCode.Ok : ExitCode.Code;
    }
}
