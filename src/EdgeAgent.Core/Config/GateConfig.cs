using System.ComponentModel;

namespace EdgeAgent.Core.Config;

/// <summary>One exit gate: which readers watch it, which camera crossings belong to it, and how it decides.</summary>
public sealed record GateConfig(
    [Description("Name in events: 1 to 32 of a-z 0-9 -.")] string Id,
    [Description("Readers at this gate.")] IReadOnlyList<string> Readers,
    [Description("Doors and lines whose outward crossings lead through this gate.")] IReadOnlyList<string> Exits,
    [Description("A passage is over when the photo-eye is clear, or where there is none no tag was read, for this long. Seconds, 0.3 to 10.")] double SettleSeconds = 0.8,
    [Description("The window closes at the latest after this long. Seconds, 2 to 60.")] double MaxWindowSeconds = 10,
    [Description("Reads needed to believe that a tag passed, 1 to 100.")] int MinReads = 2,
    [Description("One read at or above this strength is believed, in the reader's own unit; null learns it from what passes.")] double? StrongRssiDbm = null,
    [Description("A tag heard this long at a steady strength is stock beside the gate, not a bag, until it comes nearer. Seconds, 10 to 600.")] double StaticSeconds = 30,
    [Description("Wait at most this long after the passage for late reads and for the camera to say who left; less when both are certain. Seconds, 0.5 to 30.")] double LateSeconds = 2.0,
    [Description("A crossing belongs to the window if it lies at most this far outside it. Seconds, 0.2 to 10.")] double CrossingSeconds = 2.5,
    [Description("The light beam of this gate; null decides by bursts of reads.")] PhotoEyeConfig? PhotoEye = null,
    [Description("A lamp or buzzer that shows decisions; null for none.")] LampConfig? Lamp = null,
    [Description("A lock that bars the gate; null for none. It needs a photoEye, or who carries nothing would find it shut.")] InterlockConfig? Interlock = null);

/// <summary>A light beam across the gate, wired to an input of a reader.</summary>
public sealed record PhotoEyeConfig(
    [Description("The reader whose input it is.")] string Reader,
    [Description("Input number at the reader, 1 to 16.")] int Port,
    [Description("true: the input is high while somebody stands in the beam.")] bool ActiveHigh = true,
    [Description("A beam broken for longer than this is a fault; the gate then decides by bursts of reads. Seconds, 2 to 600.")] double StuckSeconds = 20,
    [Description("Two breaks with less than this between them are one person's legs. Seconds, 0 to 2.")] double MergeSeconds = 0.3,
    [Description("A tag belongs to a passage whose beam was broken at most this long before or after it was in the gate. Seconds, 0.2 to 5.")] double NearSeconds = 1.2);

/// <summary>A lamp or buzzer, wired to an output of a reader.</summary>
public sealed record LampConfig(
    [Description("The reader whose output it is.")] string Reader,
    [Description("Output number at the reader, 1 to 16.")] int Port,
    [Description("What switches it on: held (a bag waits for a person), unpaid (held because nobody known left), settled, declined (its payment).")] IReadOnlyList<LampReason> On,
    [Description("How long it stays on. Seconds, 0.2 to 60.")] double Seconds = 3);

public enum LampReason { Held, Unpaid, Settled, Declined }

/// <summary>A lock, wired to an output of a reader so that the output on keeps it shut and off lets it open.</summary>
public sealed record InterlockConfig(
    [Description("The reader whose output it is.")] string Reader,
    [Description("Output number at the reader, 1 to 16.")] int Port,
    [Description("What opens it: settled (the bag was settled), paid (nothing is due, or payment.result said paid).")] InterlockRule Opens = InterlockRule.Settled,
    [Description("How long it stays open. Seconds, 1 to 60.")] double Seconds = 5,
    [Description("A bag that was held, or not paid, keeps it shut at most this long. Seconds, 5 to 600.")] double HeldSeconds = 60);

public enum InterlockRule { Settled, Paid }
