namespace EdgeAgent.Vision.Models;

/// <summary>A model file or the manifest is not what it should be. The message is one sentence: which model, which file, what to do.</summary>
public sealed class ModelException : Exception
{
    public ModelException(string message) : base(message)
    {
    }

    public ModelException(string message, Exception inner) : base(message, inner)
    {
    }
}
