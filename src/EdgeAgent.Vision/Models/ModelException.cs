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

    /// <summary>The kind of fault, for whoever must say it in one word.</summary>
    public ModelFault Fault { get; init; }
}

/// <summary>What is wrong with a model, in one word.</summary>
public enum ModelFault
{
    /// <summary>It cannot be opened, or the sentence alone tells.</summary>
    Other,

    /// <summary>Its weights lie in another file.</summary>
    ExternalData,

    /// <summary>The file is damaged, empty or no model.</summary>
    Structure,

    /// <summary>The file is not the one that was described.</summary>
    Hash,

    /// <summary>Tensors are not those that were described.</summary>
    Shape,

    /// <summary>The golden vectors are not for this model.</summary>
    Golden,

    /// <summary>A run failed, or gave values that are no numbers.</summary>
    Run,
}
