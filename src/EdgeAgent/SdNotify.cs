using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace EdgeAgent;

/// <summary>
/// Tells systemd how the service is: READY=1, WATCHDOG=1, STOPPING=1 as datagrams to $NOTIFY_SOCKET (sd_notify(3)). Without that variable it
/// is silent.
/// </summary>
internal sealed class SdNotify : IDisposable
{
    private readonly Socket? _socket;
    private readonly UnixDomainSocketEndPoint? _target;

    public SdNotify(string? notifySocket, string? watchdogMicroseconds)
    {
        if (string.IsNullOrEmpty(notifySocket))
        {
            return;
        }
        // A leading @ means the abstract namespace, written as a zero byte.
        _target = new UnixDomainSocketEndPoint(notifySocket[0] == '@' ? "\0" + notifySocket[1..] : notifySocket);
        // Not blocking: a service manager that does not read for a while must not hold up the agent, least of all while it stops.
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        if (long.TryParse(watchdogMicroseconds, CultureInfo.InvariantCulture, out long us) && us > 0)
        {
            // systemd advises half of the time-out.
            WatchdogPeriod = TimeSpan.FromMicroseconds(us / 2);
        }
    }

    public static SdNotify FromEnvironment() =>
        new(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"), Environment.GetEnvironmentVariable("WATCHDOG_USEC"));

    /// <summary>How often a sign of life is due; null when systemd asked for none.</summary>
    public TimeSpan? WatchdogPeriod { get; }

    public void Ready() => Send("READY=1");

    public void Watchdog() => Send("WATCHDOG=1");

    public void Stopping() => Send("STOPPING=1");

    public void Dispose() => _socket?.Dispose();

    private void Send(string state)
    {
        try
        {
            _socket?.SendTo(Encoding.ASCII.GetBytes(state), _target!);
        }
        catch (SocketException)
        {
            // Nobody listens any more, or the queue is full: the service manager's fault, not this service's.
        }
    }
}
