namespace EdgeAgent.Vision.Tests;

/// <summary>A test that needs models or clips of the shared folder; skipped with a sentence where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute()
    {
        if (Shared.Root is null)
        {
            Skip = "The shared folder with models and fixtures is neither at $EDGE_SHARED nor at ../shared beside the repository.";
        }
    }
}

/// <summary>The same for a test with several inputs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute()
    {
        if (Shared.Root is null)
        {
            Skip = "The shared folder with models and fixtures is neither at $EDGE_SHARED nor at ../shared beside the repository.";
        }
    }
}
