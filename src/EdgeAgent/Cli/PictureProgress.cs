using System.Globalization;

namespace EdgeAgent.Cli;

/// <summary>How far a pile of pictures is: a bar on one line of a terminal, in a pipe a line for each tenth.</summary>
internal sealed class PictureProgress(int total) : IDisposable
{
    private const int BarWidth = 30;

    private readonly bool _isTerminal = !Console.IsErrorRedirected;
    private int _done;

    public void Next(string what)
    {
        _done++;
        if (_isTerminal)
        {
            int filled = total == 0 ? BarWidth : _done * BarWidth / total;
            Console.Error.Write($"\r[{new string('#', filled)}{new string('.', BarWidth - filled)}] {_done}/{total} {Shorten(what)}\e[K");
        }
        else if (_done * 10 / total > (_done - 1) * 10 / total)
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_done} of {total} pictures"));
        }
    }

    /// <summary>Before something else is written.</summary>
    public void Clear()
    {
        if (_isTerminal)
        {
            Console.Error.Write("\r\e[K");
        }
    }

    public void Dispose() => Clear();

    private static string Shorten(string text) => text.Length <= 30 ? text : text[..29] + "…";
}
