namespace EdgeAgent.Rfid;

/// <summary>A recording cannot be replayed; the message names the file, the line, the field and its value in one sentence.</summary>
public sealed class RecordingException : Exception
{
    public RecordingException()
    {
    }

    public RecordingException(string message)
        : base(message)
    {
    }

    public RecordingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
