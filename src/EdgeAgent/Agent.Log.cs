using EdgeAgent.Core;
using EdgeAgent.Dashboard;

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
            LogSensorBad(sensor.Kind, sensor.Id, sensor.State, sensor.Reason, WhatToDo(sensor.Reason) ?? _sources.TroubleOf(sensor.Kind, sensor.Id) ?? "");
        }
    }

    /// <summary>What is wrong with a picture is known by its name alone; of all else the runner's own sentence says more.</summary>
    private static string? WhatToDo(SensorReason reason) => reason is SensorReason.Frozen or SensorReason.Black or SensorReason.Covered or SensorReason.Defocused or SensorReason.Moved
        ? Remedies.Of(reason)
        : null;

    [LoggerMessage(Level = LogLevel.Error, Message = "The disk took nothing while the agent stopped: {Count} events were in memory only and are lost.")]
    private partial void LogLeftInMemory(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The agent was started {Starts} times within ten minutes and never ended in order: safe mode. It sends what is on disk and starts no camera and no reader; after ten minutes it tries the whole shop again. The lines before say what went wrong.")]
    private partial void LogSafeMode(int starts);

    [LoggerMessage(Level = LogLevel.Error, Message = "The firewall did not let an event out ({Event}, {Reason}): it is lost. This is a fault of the agent; report it.")]
    private partial void LogRefused(string @event, Core.Privacy.FirewallReason reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Kind} {Id} is online.")]
    private partial void LogSensorGood(SensorKind kind, string id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} {Id} is {State} ({Reason}). {Trouble}")]
    private partial void LogSensorBad(SensorKind kind, string id, SensorState state, SensorReason reason, string trouble);
}
