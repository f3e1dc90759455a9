namespace EdgeAgent.Vision.Imaging;

/// <summary>A stored picture cannot be used. The message is one sentence for the person who named it.</summary>
public sealed class PictureException(string message) : Exception(message);
