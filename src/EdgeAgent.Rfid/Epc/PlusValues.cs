using EdgeAgent.Core.Gs1;

namespace EdgeAgent.Rfid.Epcs;

/// <summary>What the segments of a TDS 2.x code said so far; segments of the same identifier make one value.</summary>
internal sealed class PlusValues
{
    /// <summary>Table in TDS 2.3 section 14.5.3: the identifier of each type of day.</summary>
    public static readonly string[] DateAis = ["11", "13", "15", "16", "17", "7006", "7007"];

    private readonly List<Gs1Element> _elements = [];
    private Gs1Element? _date;

    public string? Hostname { get; set; }

    public void Add(string ai, string value)
    {
        int last = _elements.Count - 1;
        if (last >= 0 && _elements[last].Ai == ai)
        {
            _elements[last] = new Gs1Element(ai, _elements[last].Value + value);
        }
        else
        {
            _elements.Add(new Gs1Element(ai, value));
        }
    }

    public void AddDate(string ai, string yymmdd) => _date = new Gs1Element(ai, yymmdd);

    /// <summary>The keys in their order and the day behind them. A GLN's extension 0 says that there is none (7.5).</summary>
    public List<Gs1Element> Elements()
    {
        _elements.RemoveAll(static e => e is { Ai: "254", Value: "0" });
        return _date is { } date ? [.. _elements, date] : _elements;
    }
}
