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

    /// <summary>Reads thrown away because the reader had kept them too long to belong to any passage.</summary>
    public long StaleReads { get; internal set; }

    /// <summary>Reads of reference tags; they never reach the gate.</summary>
    public long ReferenceReads { get; internal set; }

    /// <summary>Times the reader's clock was set while it was connected.</summary>
    public long ClockJumps { get; internal set; }

    /// <summary>Changes of input pins.</summary>
    public long PinChanges { get; internal set; }

    /// <summary>Answers that did not carry the number of their request and were taken all the same.</summary>
    public long WrongIds { get; internal set; }

    /// <summary>Times the reader was asked whether it is still there, for it had been silent.</summary>
    public long Probes { get; internal set; }

    /// <summary>Outputs that were switched.</summary>
    public long OutputsSet { get; internal set; }

    /// <summary>Outputs that the reader refused to switch, or did not answer about.</summary>
    public long OutputsRefused { get; internal set; }

    /// <summary>Switchings that never reached the reader, for too many waited.</summary>
    public long OutputsDropped => Interlocked.Read(ref _outputsDropped);

    private long _outputsDropped;

    /// <summary>May be called by any thread.</summary>
    internal void OutputDropped() => Interlocked.Increment(ref _outputsDropped);
}
