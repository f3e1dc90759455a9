using System.Text.Json.Serialization;

namespace EdgeAgent.Core.Privacy;

/// <summary>Why the agent runs and is not all right. Sensors have topics of their own.</summary>
public enum DegradedReason
{
    /// <summary>The broker speaks MQTT 3.1.1 only: it acknowledges and drops what it refuses.</summary>
    OldProtocol,

    /// <summary>The box's certificate ends within 7 days, has ended, or the new files that were put there cannot be used.</summary>
    Certificate,

    /// <summary>A second box goes by this one's name.</summary>
    Clone,

    /// <summary>The box cannot keep what it should; <c>health.storage</c> says why.</summary>
    Storage,

    /// <summary>It ended badly too often and runs without cameras and readers for a while.</summary>
    SafeMode,
}

public enum LinkState { Down, Up, Degraded }

/// <summary>How the line to the broker fares.</summary>
/// <param name="Mqtt">5 or 3.1.1; null while down.</param>
/// <param name="Host">Which of the configured hosts: 0 is broker.host, 1 the first of broker.fallbackHosts.</param>
/// <param name="Connects">Connections that came up since start.</param>
/// <param name="LastError">Why the last try failed or the last connection ended; kept when the line is up again.</param>
/// <param name="Ignored">Arriving messages that were not even looked at: an impossible topic, too large, retained where nothing may be.</param>
/// <param name="CertificateDays">Whole days until the box's certificate ends, below 0 when it has; null without one.</param>
public sealed record LinkHealth(
    LinkState State, string? Mqtt, int Host, long Connects, LinkError LastError, long Ignored,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? CertificateDays);

/// <summary>Why there was no connection to the broker. A closed list: the log has the sentence.</summary>
public enum LinkError
{
    None,
    Unreachable,
    NameUnknown,

    /// <summary>A file that the configuration names is missing or cannot be used.</summary>
    Files,

    /// <summary>Without TLS the agent speaks to this machine only.</summary>
    PlainRefused,
    TlsFailed,
    BrokerCertificateExpired,
    BrokerCertificateNotYetValid,
    BrokerCertificateWrongHost,
    BrokerCertificateUntrusted,

    /// <summary>The broker's certificate is good: it did not like this box's.</summary>
    OwnCertificateRefused,
    BadCredentials,
    NotAuthorized,
    ClientIdRefused,

    /// <summary>The broker said no for another reason.</summary>
    Refused,

    /// <summary>A message or the connect had no answer in time.</summary>
    NoAnswer,

    /// <summary>Nothing came within the keep-alive: the line is half open.</summary>
    Silent,
    ProtocolError,
    ClosedByBroker,
    TakenOver,
    Network,
}
