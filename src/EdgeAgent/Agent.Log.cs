using EdgeAgent.Core;

namespace EdgeAgent;

internal sealed partial class Agent
{
    private void LogSensor(ShopEvent.SensorChanged sensor)
    {
        if (sensor.State == SensorState.Online)
        {
            LogSensorGood(sensor.Kind, sensor.Id);
        }
        else
        {
            LogSensorBad(sensor.Kind, sensor.Id, sensor.State, sensor.Reason, Trouble(sensor) ?? "");
        }
    }

    /// <summary>What the runner knows beyond the reason, as a sentence. Never leaves the box.</summary>
    private string? Trouble(ShopEvent.SensorChanged sensor)
    {
        if (sensor.Kind == SensorKind.Camera)
        {
            return _cameras.Select(c => c.Status).FirstOrDefault(c => c.Camera == sensor.Id)?.LastFault;
        }
        for (int i = 0; sensor.Kind == SensorKind.Reader && i < _config.Readers.Count; i++)
        {
            if (_config.Readers[i].Id == sensor.Id)
            {
                return _readers[i].LastTrouble;
            }
        }
        return null;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Models in use: {Models}.")]
    private partial void LogModels(string models);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Kind} {Id} is online.")]
    private partial void LogSensorGood(SensorKind kind, string id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} {Id} is {State} ({Reason}). {Trouble}")]
    private partial void LogSensorBad(SensorKind kind, string id, SensorState state, SensorReason reason, string trouble);
}
