using System.Collections.Frozen;

namespace EdgeAgent.Core.Privacy;

/// <summary>The closed list of topics below the root under which events leave, for what is said about events themselves.</summary>
public static class EgressTopics
{
    public const string DeadLetter = "evt/alert/deadletter";

    /// <summary>For a topic that this list does not know; a test holds the list and the privacy gate together.</summary>
    public const string Other = "other";

    private static readonly FrozenSet<string> s_known = new[]
    {
        "evt/visit/started", "evt/visit/updated", "evt/visit/ended", "evt/zone/entered", "evt/zone/left", "evt/zone/dwelled", "evt/line/crossed",
        "evt/exit/observed", "evt/exit/settled", "evt/exit/held", "evt/exit/corrected", "evt/shelf/taken", "evt/shelf/returned", "evt/tray/put", "evt/tray/taken",
        "evt/shelf/session", "evt/fitting/tried", "evt/alert/cabinet",
        "evt/code/scanned", "evt/member/arrived", "evt/alert/gap", "evt/alert/storage", "evt/alert/certificate", "evt/alert/clone", DeadLetter, "obs/occupancy", "obs/queue", "obs/counts",
        "evt/privacy/rotated",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The name of a topic on this list; all sensors are <c>sensor</c>, all scenes <c>evt/scene</c>.</summary>
    public static string NameOf(string topic) =>
        s_known.TryGetValue(topic, out string? known) ? known : topic.StartsWith("sensor/", StringComparison.Ordinal) ? "sensor"
            : topic.StartsWith("evt/scene/", StringComparison.Ordinal) ? "evt/scene" : Other;

    /// <summary>The lane of an event type, for whoever has only the envelope.</summary>
    public static Lane LaneOf(string type) => type switch
    {
        "sst.exit.settled.v1" or "sst.exit.held.v1" or "sst.exit.corrected.v1" => Lane.Settlement,
        "sst.visit.started.v1" or "sst.visit.ended.v1" => Lane.Visit,
        _ => type.StartsWith("sst.alert.", StringComparison.Ordinal) ? Lane.Settlement : Lane.Observation,
    };
}

/// <summary>Why a broker takes an event never. A closed list.</summary>
public enum DeadLetterReason
{
    /// <summary>Refused again and again for a reason that is none of the others.</summary>
    Refused,

    /// <summary>The broker's access rules do not let this box publish there.</summary>
    NotAuthorized,

    /// <summary>Larger than the broker takes.</summary>
    TooLarge,

    /// <summary>The broker does not take that topic.</summary>
    TopicInvalid,

    /// <summary>The broker's quota for this box is used up.</summary>
    QuotaExceeded,

    /// <summary>The broker says that the payload has the wrong form.</summary>
    PayloadInvalid,
}
