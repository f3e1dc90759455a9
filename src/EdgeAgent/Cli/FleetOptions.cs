using System.CommandLine;
using System.Globalization;
using EdgeAgent.Core.Config;
using EdgeAgent.Fleet;

namespace EdgeAgent.Cli;

/// <summary>What most fleet commands ask for: the broker, the certificates of the fleet manager, and which boxes.</summary>
internal sealed class FleetOptions
{
    private readonly Option<string> _broker = new("--broker") { Description = "The broker; port 8883, without --ca 1883.", HelpName = "HOST[:PORT]", Required = true };
    private readonly Option<string?> _ca = new("--ca") { Description = "CA certificate of the broker. Without it the line is in the clear, on this machine only.", HelpName = "FILE" };
    private readonly Option<string?> _cert = new("--cert") { Description = "The fleet manager's certificate.", HelpName = "FILE" };
    private readonly Option<string?> _key = new("--cert-key") { Description = "Its private key.", HelpName = "FILE" };
    private readonly Option<string?> _user = new("--user") { Description = "User name, if the broker asks for one." };
    private readonly Option<string?> _password = new("--password-file") { Description = "File that holds the password.", HelpName = "FILE" };
    private readonly Option<string[]> _to = new("--to") { Description = "Boxes as tenant/store/box; * stands for all. May be given again.", HelpName = "PATTERN" };
    private readonly Option<string?> _boxes = new("--boxes") { Description = "A file of such patterns, one a line: a group.", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _broker, _to, _boxes, _ca, _cert, _key, _user, _password })
        {
            command.Options.Add(option);
        }
    }

    public BrokerConfig Broker(ParseResult result)
    {
        string broker = result.GetRequiredValue(_broker);
        string? ca = result.GetValue(_ca);
        int colon = broker.LastIndexOf(':');
        string host = colon < 0 ? broker : broker[..colon];
        int port = ca is null ? 1883 : 8883;
        if (host.Length == 0 || (colon >= 0 && !(int.TryParse(broker[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= 65_535)))
        {
            throw new FleetException($"--broker {broker} is no HOST or HOST:PORT.");
        }
        if (ca is null && (result.GetValue(_cert) ?? result.GetValue(_key)) is not null)
        {
            throw new FleetException("--cert and --cert-key need --ca: without the broker's CA nobody knows to whom they would be shown.");
        }
        return new BrokerConfig(
            host, port, ca is null ? null : new TlsConfig(ca, result.GetValue(_cert), result.GetValue(_key)), result.GetValue(_user), result.GetValue(_password));
    }

    public BoxSelection Boxes(ParseResult result) => new(
        (result.GetValue(_to) ?? []).Concat(result.GetValue(_boxes) is string file ? BoxSelection.ReadFile(file) : []));
}
