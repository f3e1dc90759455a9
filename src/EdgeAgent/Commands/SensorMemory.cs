using EdgeAgent.Core;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Commands;

/// <summary>What the sensors said last, for self-tests and diagnoses. Written by the shop's loop, read by commands.</summary>
internal sealed class SensorMemory
{
    private const int MostChanges = 64;

    private readonly Lock _turn = new();
    private readonly SortedDictionary<(SensorKind Kind, string Id), SensorData> _last = [];
    private readonly Queue<SensorData> _changes = new(MostChanges);

    public void Note(ShopEvent.SensorChanged changed)
    {
        var data = new SensorData(changed.Kind, changed.Id, changed.State, changed.At, changed.Reason);
        lock (_turn)
        {
            _last[(changed.Kind, changed.Id)] = data;
            if (_changes.Count == MostChanges)
            {
                _changes.Dequeue();
            }
            _changes.Enqueue(data);
        }
    }

    /// <summary>Null for one that has not been heard of.</summary>
    public SensorData? Of(SensorKind kind, string id)
    {
        lock (_turn)
        {
            return _last.GetValueOrDefault((kind, id));
        }
    }

    /// <summary>The state of each, by kind and name.</summary>
    public IReadOnlyList<SensorData> States()
    {
        lock (_turn)
        {
            return [.. _last.Values];
        }
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<SensorData> Changes()
    {
        lock (_turn)
        {
            return [.. _changes];
        }
    }
}
