using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeAgent.Core.Epcis;
using EdgeAgent.Egress;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent epcis FILE</c>: recorded events as an EPCIS 2.0 document.</summary>
internal static class EpcisCommand
{
    // Read by programs and people, never put into a web page: slashes and plus signs stay as they are.
    private static readonly JsonSerializerOptions s_options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "Events, one message a line, as `replay --events` and `mosquitto_sub -t 'sst/v1/…/#'` write them; - reads standard input." };
        var gln = new Option<string?>("--gln") { Description = "The store's GLN, 13 digits; else places are named by tenant, store and box.", HelpName = "GLN" };
        var offset = new Option<string>("--offset") { Description = "What the store's clocks add to UTC.", HelpName = "+HH:MM", DefaultValueFactory = _ => "+00:00" };
        var command = new Command("epcis", "Prints recorded exits and uses of shelves as a GS1 EPCIS 2.0 document (JSON-LD).") { file, gln, offset };
        command.SetAction(result =>
        {
            string? place = result.GetValue(gln);
            if (place is not null && !EpcisPlaces.IsGln(place))
            {
                Terminal.Error($"--gln takes 13 digits with a right check digit; got '{place}'.");
                return ExitCode.Usage;
            }
            string zone = result.GetValue(offset)!;
            if (!EpcisPlaces.IsZoneOffset(zone))
            {
                Terminal.Error($"--offset takes a sign, hours and minutes such as +01:00, at most 14 hours; got '{zone}'.");
                return ExitCode.Usage;
            }
            return Print(result.GetRequiredValue(file), new EpcisEvents(new EpcisPlaces(place, zone)));
        });
        return command.WithExamples(
            """
            edge-agent epcis events.jsonl --gln 0614141123452 --offset +01:00
            edge-agent replay tests/scenarios/one-by-one --events - | edge-agent epcis -
            mosquitto_sub -t 'sst/v1/acme/s0042/b1/#' | tee events.txt ; edge-agent epcis events.txt
            """);
    }

    private static int Print(string file, EpcisEvents events)
    {
        var recording = new Recording();
        recording.Read(file == "-" ? Lines() : File.ReadLines(file));
        int wrong = recording.Unreadable.Count;
        if (wrong > 0)
        {
            Terminal.Error($"{file}: {wrong} lines hold no event that can be read, the first is line {recording.Unreadable[0]}.");
        }
        foreach (RecordedEvent recorded in recording.Events)
        {
            try
            {
                events.Add(JsonElement.Parse(recorded.Envelope.Span));
            }
            catch (FormatException e)
            {
                wrong++;
                Terminal.Error($"{file}, line {recorded.Line}: {e.Message}");
            }
        }
        Terminal.Line(events.Document().ToJsonString(s_options));
        Console.Error.WriteLine($"{events.Count} EPCIS events; {events.LeftOut} recorded events have no EPCIS form or were held.");
        return wrong == 0 ? ExitCode.Ok : ExitCode.Recording;
    }

    private static IEnumerable<string> Lines()
    {
        while (Console.In.ReadLine() is string line)
        {
            yield return line;
        }
    }
}
