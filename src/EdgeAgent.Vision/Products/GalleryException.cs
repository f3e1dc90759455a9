namespace EdgeAgent.Vision.Products;

/// <summary>A product gallery cannot be read, written or used with this model. The message is one sentence for the person who runs the agent.</summary>
public sealed class GalleryException(string message) : Exception(message);
