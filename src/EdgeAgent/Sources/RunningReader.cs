using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid;

namespace EdgeAgent.Sources;

/// <summary>One RFID reader with its worker. It goes on over a change of the configuration that does not concern it.</summary>
/// <param name="key">What it was made from: with the same key it need not be made anew.</param>
internal sealed class RunningReader(ReaderConfig config, string key, ReaderRunner runner, ChannelWriter<ShopInput> shop)
{
    private RunningTask? _running;

    public string Id => config.Id;
    public string Key => key;
    public ReaderRunner Runner => runner;

    /// <param name="ended">Told when it ends without having been stopped, with the reason: that is a bug.</param>
    public void Start(Action<Exception?> ended) => _running = RunningTask.Start(cancel => runner.RunAsync(shop, cancel), ended);

    /// <summary>Completes when the reader's connection is closed. It may be started again.</summary>
    public async Task StopAsync()
    {
        if (_running is not null)
        {
            await _running.DisposeAsync();
            _running = null;
        }
    }
}
