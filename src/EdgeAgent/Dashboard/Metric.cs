namespace EdgeAgent.Dashboard;

internal enum MetricKind { Counter, Gauge, Histogram }

/// <summary>One family of numbers under one name.</summary>
/// <param name="Name">With its unit at the end; counters end in <c>_total</c>.</param>
internal sealed record Metric(string Name, MetricKind Kind, string Help, IReadOnlyList<Sample> Samples);

/// <summary>One number of a family.</summary>
/// <param name="Suffix">What stands behind the family's name: <c>_bucket</c>, <c>_sum</c>, <c>_count</c> of a histogram; else empty.</param>
internal readonly record struct Sample(double Value, string Suffix, params (string Name, string Value)[] Labels);
