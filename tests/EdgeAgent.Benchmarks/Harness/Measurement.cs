namespace EdgeAgent.Benchmarks.Harness;

/// <summary>One benchmark by its name on the command line.</summary>
internal sealed record Measurement(string Name, string What, Func<Task<ResultTable>> Run);
