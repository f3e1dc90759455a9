using System.Globalization;
using EdgeAgent.Replay;

namespace EdgeAgent.Cli;

/// <summary>Where a replay is, on one line of a terminal; nothing in a pipe.</summary>
internal sealed class ReplayProgress(string story) : IDisposable
{
    private readonly bool _shown = !Console.IsErrorRedirected;
    private bool _ended;

    public void At(DateTimeOffset virtualTime)
    {
        if (_shown)
        {
            Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{story}  {virtualTime - Replayer.Start:mm\\:ss} "));
        }
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
