namespace EdgeAgent.Vision.Tests;

/// <summary>A measurement of minutes, run when EDGE_MEASURE is set.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MeasureFactAttribute : FactAttribute
{
    public MeasureFactAttribute()
    {
        if (Shared.Root is null)
        {
            Skip = "The shared folder with models and fixtures is neither at $EDGE_SHARED nor at ../shared beside the repository.";
        }
        else if (Environment.GetEnvironmentVariable("EDGE_MEASURE") is null)
        {
            Skip = "A measurement that takes minutes; set EDGE_MEASURE=1 to run it.";
        }
    }
}
