namespace EdgeAgent.Doctor;

internal enum Verdict
{
    Ok,

    /// <summary>Works, and should be looked at.</summary>
    Warning,

    /// <summary>The store does not work with it.</summary>
    Failed,

    /// <summary>Not tried; what was found says why.</summary>
    Skipped,
}

/// <summary>One thing that was tried.</summary>
/// <param name="Part">camera, reader, broker, disk …</param>
/// <param name="Name">Which of them; empty where there is one only.</param>
/// <param name="Found">What was seen, with its figures.</param>
/// <param name="Remedy">What to do; empty when all is well.</param>
internal sealed record Finding(string Part, string Name, Verdict Verdict, string Found, string Remedy = "");
