namespace EdgeAgent.Simulators.Readers;

/// <summary>How a simulated reader differs from a good one, for one connection.</summary>
/// <param name="NoKeepalives">Sends no keepalive, whatever it was told.</param>
/// <param name="IgnoresProbes">Leaves GET_REPORT and GET_ROSPECS unanswered.</param>
/// <param name="OwnIds">Numbers its answers as it likes instead of repeating the request's id.</param>
/// <param name="AnswerDelay">Takes this long over every answer.</param>
/// <param name="ChunkBytes">Sends in pieces of this many bytes, each its own TCP push; 0 sends messages whole.</param>
/// <param name="UptimeOnly">Has no clock and tells times since its start.</param>
/// <param name="RefusedField">Answers an ADD_ROSPEC that sets the transmitter with M_FieldError for this field; 0 takes it.</param>
/// <param name="RefusesOutputs">Refuses to switch output pins.</param>
/// <param name="IgnoresOutputs">Does not answer when an output pin is to be switched.</param>
/// <param name="RefusesPulses">Knows no outputs that switch themselves off.</param>
/// <param name="RefusesPins">Refuses the configuration of input pins.</param>
/// <param name="DeletesOnlyDisabled">Does not delete a ROSpec that is enabled.</param>
/// <param name="Speaks11">Speaks LLRP 1.1 when asked to; else answers the question with M_UnsupportedVersion.</param>
/// <param name="VersionAnswer">These bytes answer GET_SUPPORTED_VERSION instead; the id is put in.</param>
public sealed record ReaderFaults(
    bool NoKeepalives = false,
    bool IgnoresProbes = false,
    bool OwnIds = false,
    TimeSpan AnswerDelay = default,
    int ChunkBytes = 0,
    bool UptimeOnly = false,
    int RefusedField = 0,
    bool RefusesOutputs = false,
    bool IgnoresOutputs = false,
    bool RefusesPins = false,
    bool RefusesPulses = false,
    bool DeletesOnlyDisabled = false,
    bool Speaks11 = false,
    string? VersionAnswer = null)
{
    /// <summary>A good reader.</summary>
    public static ReaderFaults None { get; } = new();
}
