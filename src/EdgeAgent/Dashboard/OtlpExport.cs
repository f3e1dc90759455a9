using System.Diagnostics.Metrics;
using EdgeAgent.Core.Config;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace EdgeAgent.Dashboard;

/// <summary>The same numbers as /metrics, pushed to an OTLP collector over HTTP. Histograms go as their sums and counts.</summary>
internal sealed class OtlpExport : IAsyncDisposable
{
    // A collector that does not answer must not hold up the agent's stop.
    private const int PatienceMilliseconds = 2000;

    private readonly Meter _meter = new("EdgeAgent", AgentVersion.Text);
    private readonly PageSources _sources;
    private readonly TimeProvider _time;
    private readonly Lock _turn = new();
    private readonly MeterProvider _provider;
    private IReadOnlyList<Metric> _collected = [];
    private long _collectedAt;

    private OtlpExport(DashboardConfig config, PageSources sources, TimeProvider time)
    {
        _sources = sources;
        _time = time;
        _provider = Sdk.CreateMeterProviderBuilder().AddMeter(_meter.Name)
            .AddOtlpExporter((exporter, reader) =>
            {
                exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                exporter.TimeoutMilliseconds = PatienceMilliseconds;
                exporter.Endpoint = new Uri(config.Otlp!.TrimEnd('/') + "/v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)(config.OtlpSeconds * 1000);
            })
            .Build();
        foreach (Metric metric in Now())
        {
            Observe(metric);
        }
    }

    /// <summary>Null where no collector is configured.</summary>
    public static OtlpExport? Start(DashboardConfig config, PageSources sources, TimeProvider time) => config.Otlp is null ? null : new OtlpExport(config, sources, time);

    /// <summary>Exports once more.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.Run(() => _provider.Shutdown(PatienceMilliseconds));
        _provider.Dispose();
        _meter.Dispose();
    }

    private void Observe(Metric metric)
    {
        string name = metric.Name;
        switch (metric.Kind)
        {
            case MetricKind.Gauge:
                _meter.CreateObservableGauge(name, () => Values(name, ""), null, metric.Help);
                break;
            case MetricKind.Counter:
                _meter.CreateObservableCounter(name, () => Values(name, ""), null, metric.Help);
                break;
            default:
                _meter.CreateObservableCounter(name + "_sum", () => Values(name, "_sum"), null, metric.Help);
                _meter.CreateObservableCounter(name + "_count", () => Values(name, "_count"), null, metric.Help);
                break;
        }
    }

    private IEnumerable<Measurement<double>> Values(string name, string suffix) => Now()
        .Where(m => m.Name == name).SelectMany(m => m.Samples).Where(s => s.Suffix == suffix)
        .Select(s => new Measurement<double>(s.Value, s.Labels.Select(l => KeyValuePair.Create<string, object?>(l.Name, l.Value))));

    /// <summary>One collection serves all the instruments of an export.</summary>
    private IReadOnlyList<Metric> Now()
    {
        lock (_turn)
        {
            if (_collected.Count == 0 || _time.GetElapsedTime(_collectedAt) > TimeSpan.FromSeconds(1))
            {
                _collected = Metrics.Collect(_sources, _time.GetUtcNow());
                _collectedAt = _time.GetTimestamp();
            }
            return _collected;
        }
    }
}
