using System.Net;
using EdgeAgent.Replay;

namespace EdgeAgent.Cli;

/// <summary>Where a simulated device listens: the options --bind and --port.</summary>
internal static class ListenAddress
{
    /// <exception cref="ScenarioException">It is none; says why.</exception>
    public static (IPAddress Address, int Port) Parse(string bind, int port)
    {
        if (!IPAddress.TryParse(bind, out IPAddress? address))
        {
            throw new ScenarioException($"--bind \"{bind}\" is not an IP address.");
        }
        return port is < 0 or > 65_535 ? throw new ScenarioException($"--port {port} is not between 0 and 65535.") : (address, port);
    }
}
