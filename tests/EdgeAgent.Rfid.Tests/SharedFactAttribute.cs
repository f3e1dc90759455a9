namespace EdgeAgent.Rfid.Tests;

/// <summary>A test that needs the shared vectors; where they are not on the machine it is skipped and says what is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute()
    {
        if (SharedVectors.Folder is null)
        {
            Skip = "The shared vectors are missing: set EDGE_SHARED to the folder that holds vectors/, or put it at ../shared beside the repository.";
        }
    }
}
