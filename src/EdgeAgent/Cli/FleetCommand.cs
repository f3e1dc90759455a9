using System.CommandLine;
using System.Globalization;
using EdgeAgent.Fleet;
using EdgeAgent.Signing;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent fleet</c>: what a fleet manager does, from any machine that reaches the broker.</summary>
internal static class FleetCommand
{
    public static Command Create() => new Command("fleet", "For fleet managers: keys, signed configuration and models, roll-outs, the state of all boxes, commands. See docs/fleet.md.")
    {
        Keygen(), Sign(), FleetPushCommand.Create(), FleetListCommand.CreateList(), FleetListCommand.CreateWatch(), FleetCmdCommand.Create(),
    }.WithExamples(
        """
        edge-agent fleet keygen --out keys                 once; keys/fleet.pub.pem goes to STATE/trust of every box
        edge-agent fleet list --broker mqtt.example.com --ca ca.pem --cert fleet.pem --cert-key fleet.key --to 'acme/*/*'
        edge-agent fleet push store.json --key keys/fleet.key.pem --canary 5 … --to 'acme/*/*'
        edge-agent fleet cmd time.check … --to acme/s0042/b1
        """);

    /// <summary>"30d", "12h", "90m" or "45s".</summary>
    internal static TimeSpan Span(string text, string option)
    {
        bool good = text.Length > 1 && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);
        double number = good ? double.Parse(text[..^1], CultureInfo.InvariantCulture) : 0;
        double seconds = number * (good ? text[^1] : ' ') switch { 'd' => 86_400, 'h' => 3600, 'm' => 60, 's' => 1, _ => 0 };
        return seconds is > 0 and < 100 * 366 * 86_400.0
            ? TimeSpan.FromSeconds(seconds)
            : throw new FleetException($"{option} {text} is no time span: write 30d, 12h, 90m or 45s.");
    }

    private static Command Keygen()
    {
        var output = new Option<string>("--out") { Description = "Folder for the two files.", HelpName = "DIR", Required = true };
        var name = new Option<string>("--name") { Description = "How the files are called.", DefaultValueFactory = _ => "fleet" };
        var command = new Command("keygen", "Makes a key pair: NAME.key.pem signs and stays with the fleet manager, NAME.pub.pem goes to the boxes.") { output, name };
        command.SetAction(result =>
        {
            string stem = Path.Combine(result.GetRequiredValue(output), result.GetRequiredValue(name));
            if (File.Exists(stem + ".key.pem"))
            {
                throw new FleetException($"{stem}.key.pem is there already: boxes may trust it. Name another with --name.");
            }
            using SigningKey key = SigningKey.Create();
            Directory.CreateDirectory(result.GetRequiredValue(output));
            using (FileStream file = Members.PrivateFile.Create(stem + ".key.pem", FileMode.CreateNew))
            {
                file.Write(System.Text.Encoding.ASCII.GetBytes(key.PrivatePem + "\n"));
            }
            File.WriteAllText(stem + ".pub.pem", key.PublicPem + "\n");
            Terminal.Line($"Key {key.Id}");
            Terminal.Line($"  {stem}.key.pem  signs; keep it off the boxes and off the broker");
            Terminal.Line($"  {stem}.pub.pem  copy it to STATE/trust/ of every box, for example /var/lib/edge-agent/trust/");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Sign()
    {
        var file = new Argument<string>("FILE") { Description = "A JSON object: a whole desired document (docs/mqtt.md)." };
        var key = new Option<string>("--key") { Description = "The private key of `fleet keygen`.", HelpName = "FILE", Required = true };
        var output = new Option<string?>("--out") { Description = "Where the signed document goes; standard output when absent.", HelpName = "FILE" };
        var command = new Command("sign", "Signs a document as it is. `push` signs by itself; this is for other tools that publish.") { file, key, output };
        command.SetAction(result =>
        {
            DesiredDocument.Load(result.GetRequiredValue(file));
            using SigningKey signing = SigningKey.Load(result.GetRequiredValue(key));
            byte[] signed = SignedDocument.Sign(File.ReadAllBytes(result.GetRequiredValue(file)), signing);
            if (result.GetValue(output) is string path)
            {
                File.WriteAllBytes(path, signed);
                Terminal.Line($"{path}: {signed.Length.ToString("N0", CultureInfo.InvariantCulture)} bytes, signed with key {signing.Id}");
            }
            else
            {
                Terminal.Line(System.Text.Encoding.UTF8.GetString(signed));
            }
            return ExitCode.Ok;
        });
        return command;
    }
}
