using System.Globalization;

namespace EdgeAgent.Cli;

/// <summary>How far a long work is: a bar on one line of a terminal, nothing in a pipe.</summary>
internal sealed class LongWork(string what) : IDisposable
{
    private const int Cells = 30;

    private readonly bool _shown = !Console.IsErrorRedirected;
    private int _lastTenth = -1;
    private bool _ended;

    /// <param name="whole">How much it will be; null when nobody knows.</param>
    public void At(double done, double? whole, string unit)
    {
        // Ten times a unit is often enough for eyes.
        if (!_shown || (int)(done * 10) == _lastTenth)
        {
            return;
        }
        _lastTenth = (int)(done * 10);
        string bar = "";
        if (whole is > 0)
        {
            int full = (int)Math.Clamp(done / whole.Value * Cells, 0, Cells);
            bar = $"[{new string('#', full)}{new string('.', Cells - full)}] ";
        }
        string of = whole is double end ? string.Create(CultureInfo.InvariantCulture, $" of {end:0.0}") : "";
        Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{what} {bar}{done:0.0}{of} {unit} "));
    }

    public void Dispose()
    {
        if (_shown && !_ended)
        {
            _ended = true;
            Console.Error.Write("\r\e[K");
        }
    }
}
