namespace EdgeAgent;

/// <summary>Counted things in a sentence.</summary>
internal static class Plural
{
    /// <summary><c>1 camera</c>, <c>2 cameras</c>, <c>2 boxes</c>.</summary>
    public static string Of(int count, string one, string? more = null) => $"{count} {(count == 1 ? one : more ?? one + "s")}";
}
