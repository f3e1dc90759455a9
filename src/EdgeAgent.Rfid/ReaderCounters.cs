namespace EdgeAgent.Rfid;

/// <summary>
/// What a reader has sent since the agent started, for metrics. Written by the reader's own loop only; others may read at any time
/// (a 64-bit number is read whole on the 64-bit machines this runs on).
/// </summary>
public sealed class ReaderCounters
{
    /// <summary>Sessions that were set up completely.</summary>
    public long Connections { get; internal set; }

    /// <summary>RO_ACCESS_REPORT messages that were understood.</summary>
    public long Reports { get; internal set; }

    /// <summary>Tag reads handed to the shop.</summary>
    public long Reads { get; internal set; }

    /// <summary>Messages that were thrown away whole; their reads are lost.</summary>
    public long DamagedMessages { get; internal set; }

    /// <summary>Responses nobody asked for, and messages of a kind the gate does not use.</summary>
    public long Unsolicited { get; internal set; }

    /// <summary>Times another client tried to take the reader.</summary>
    public long OtherClientAttempts { get; internal set; }

    /// <summary>Warnings that the reader's report buffer fills up.</summary>
    public long BufferWarnings { get; internal set; }

    /// <summary>Times the reader's report buffer ran over; reads are lost.</summary>
    public long BufferOverflows { get; internal set; }

    /// <summary>Exceptions the reader reported about itself.</summary>
    public long ReaderExceptions { get; internal set; }

    /// <summary>Times an antenna was unplugged or broke.</summary>
    public long AntennaLosses { get; internal set; }
}
