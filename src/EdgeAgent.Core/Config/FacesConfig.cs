using System.ComponentModel;

namespace EdgeAgent.Core.Config;

/// <summary>Recognition of consented members, in zones with optIn only and only after a gesture. A face alone never authorises a payment.</summary>
public sealed record FacesConfig(
    [Description("Buttons that arm a zone; in a replay also gestures.jsonl.")] IReadOnlyList<GestureConfig>? Gestures = null,
    [Description("Resemblance (cosine) from which a face is a member's, 0.2 to 0.95; null takes the manifest's.")] double? Threshold = null,
    [Description("By how much the nearest member must be nearer than the second, 0 to 0.5.")] double Margin = 0.08,
    [Description("Smallest face that is compared, in pixels of the analysed picture, 24 to 400.")] int MinSizePx = 40,
    [Description("Good shots of one person looked at for one answer, 1 to 15; the better two thirds are averaged.")] int Shots = 5,
    [Description("For how long a gesture arms its zone. Seconds, 1 to 30.")] double GestureSeconds = 8,
    [Description("Score from which a face is alive, 0 to 1, where models.liveness names models; null takes the manifest's.")] double? LivenessThreshold = null,
    [Description("A member who was greeted is not greeted again for this long. Minutes, 1 to 1440.")] double RepeatMinutes = 60)
{
    public IReadOnlyList<GestureConfig> Gestures { get; init; } = Gestures ?? [];
}

/// <summary>A push button at an input of a reader: pressing it asks to be recognised.</summary>
public sealed record GestureConfig(
    [Description("The zone that is armed; one with optIn.")] string Zone,
    [Description("The reader that the button is wired to.")] string Reader,
    [Description("The reader's input, counted from 1 as the reader does, 1 to 65535.")] int Port);
