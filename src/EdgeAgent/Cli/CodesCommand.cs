using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Vision.Codes;
using EdgeAgent.Vision.Imaging;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent codes PICTURE…</c>: the bar codes and QR codes of stored pictures.</summary>
internal static class CodesCommand
{
    // For a terminal and a pipe, not for a web page: letters stay letters.
    private static readonly JsonWriterOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var pictures = new Argument<string[]>("PICTURE") { Description = "JPEG or PNG files.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("codes", "Reads bar codes and QR codes; prints one JSON object a line: picture, text, type, gtin, serial.") { pictures };
        command.SetAction(result =>
        {
            using CodeReader reader = CodeReader.Open();
            int unreadable = 0;
            foreach (string picture in result.GetValue(pictures)!)
            {
                try
                {
                    foreach (CodeSeen code in reader.ReadFile(picture))
                    {
                        Terminal.Line(Line(picture, code));
                    }
                }
                catch (PictureException e)
                {
                    Terminal.Error(e.Message);
                    unreadable++;
                }
            }
            return unreadable == 0 ? ExitCode.Ok : ExitCode.Recording;
        });
        return command.WithExamples(
            """
            edge-agent codes shelf/*.jpg          a picture without a code prints nothing
            EAN-13, EAN-8, UPC-A, UPC-E, DataBar, Code 128 and QR are read (libzbar0); Data Matrix is not.
            """);
    }

    private static string Line(string picture, in CodeSeen code)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, s_plain))
        {
            bool isItem = CodeItem.TryFind(code, out ItemCode item);
            json.WriteStartObject();
            json.WriteString("picture", picture);
            json.WriteString("text", code.Text);
            json.WriteString("type", JsonNamingPolicy.KebabCaseLower.ConvertName(code.Type.ToString()));
            json.WriteString("gtin", isItem ? item.Gtin : null);
            json.WriteString("serial", isItem ? item.Serial : null);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
