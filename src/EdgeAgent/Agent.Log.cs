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
            LogSensorBad(sensor.Kind, sensor.Id, sensor.State, sensor.Reason, WhatToDo(sensor.Reason) ?? Trouble(sensor) ?? "");
        }
    }

    private static string? WhatToDo(SensorReason reason) => reason switch
    {
        SensorReason.Frozen => "It sends the same picture over and over: restart the camera.",
        SensorReason.Black => "Its picture is black: switch on the light, or look whether the lens is covered.",
        SensorReason.Covered => "Its picture shows nothing: look whether the lens is covered or blinded.",
        SensorReason.Defocused => "Its picture has lost its sharpness: clean the lens and set the focus.",
        SensorReason.Moved => "It looks somewhere else than before: turn it back, or draw its doors and lines anew and restart the agent.",
        _ => null,
    };

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

    [LoggerMessage(Level = LogLevel.Error, Message = "The disk took nothing while the agent stopped: {Count} events were in memory only and are lost.")]
    private partial void LogLeftInMemory(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The agent was started {Starts} times within ten minutes and never ended in order: safe mode. It sends what is on disk and starts no camera and no reader; after ten minutes it tries the whole shop again. The lines before say what went wrong.")]
    private partial void LogSafeMode(int starts);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Codes on trays are not read. {Reason}")]
    private partial void LogCodesOff(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Kind} {Id} is online.")]
    private partial void LogSensorGood(SensorKind kind, string id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} {Id} is {State} ({Reason}). {Trouble}")]
    private partial void LogSensorBad(SensorKind kind, string id, SensorState state, SensorReason reason, string trouble);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}")]
    private partial void LogReaderWarning(string warning);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Sentence}")]
    private partial void LogDecoder(string sentence);
}
