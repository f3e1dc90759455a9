namespace EdgeAgent.Rfid;

/// <summary>What a person should know of a recording before it is played.</summary>
/// <param name="Sentence">What each column was taken for, what was left out, which antennas nobody asked for.</param>
/// <param name="First">Of a file of others: its first read, in 100 ns; null for the agent's own form, which counts from the start of the replay.</param>
/// <param name="IsDate"><paramref name="First"/> counts from 1970, and can be compared with that of another file.</param>
public sealed record RecordingNote(string Sentence, long? First, bool IsDate)
{
    /// <summary>The reads themselves, where the whole file had to be read to say this.</summary>
    internal Recordings.ForeignReads? Reads { get; init; }
}
