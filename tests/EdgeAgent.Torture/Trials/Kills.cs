using EdgeAgent.Core.Config;
using EdgeAgent.Egress;
using EdgeAgent.Mqtt;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Torture.Children;
using EdgeAgent.Torture.Histories;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Torture.Trials;

/// <summary>A box that appends and publishes to a real broker is killed at random moments and comes back: its history at a consumer is clean.</summary>
internal static class Kills
{
    public static async Task<Finding> RunAsync(int kills)
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using Sink sink = await Sink.StartAsync(broker);
        string folder = Directory.CreateTempSubdirectory("edge-kills-").FullName;
        try
        {
            var history = new History();
            var dice = new Dice(2);
            var orders = new ChildOrders(Path.Combine(folder, "outbox.db"), Producers: 4, BrokerPort: broker.Port);
            await using (var children = new Prestarted(() => new AppendingChild(orders)))
            {
                for (int kill = 1; kill <= kills; kill++)
                {
                    using AppendingChild child = await children.TakeAsync();
                    child.Go();
                    await child.AcknowledgedAsync(dice.Between(1, 600));
                    await child.KillAsync();
                    // Without a power cut everything that it wrote to the pipe counts, also what is read after the kill.
                    history.Add(child.Snapshot());
                }
            }
            await DrainAsync(orders.Db, broker.Port, history);
            var missing = history.Lost().ToHashSet();
            int looked = 0;
            await sink.UntilAsync(heard =>
            {
                for (; looked < heard.Count; looked++)
                {
                    missing.Remove((heard[looked].Event.Epoch, heard[looked].Event.Seq));
                }
                return missing.Count == 0;
            });
            sink.TellTo(history);
            var broken = history.Check().ToList();
            if (history.Duplicates > (long)kills * Publisher.Window)
            {
                broken.Add($"{history.Duplicates} duplicates are more than the {Publisher.Window} in flight at each of {kills} kills.");
            }
            return new Finding(broken, FormattableString.Invariant(
                $"{kills} kills, {history.Acknowledged} events acknowledged, {history.Delivered} delivered, {history.Duplicates} duplicates ({(double)history.Duplicates / kills:0.0} a kill, window {Publisher.Window})"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The last start: sends what is left until nothing waits.</summary>
    private static async Task DrainAsync(string db, int port, History history)
    {
        await using Outbox outbox = Outbox.Open(db, new OutboxConfig(), null, TimeProvider.System, NullLogger<Outbox>.Instance);
        using var link = new MqttLink(new BrokerConfig("127.0.0.1", port), ShopEvents.Store.Box, Randomness.System, TimeProvider.System, NullLogger<MqttLink>.Instance);
        var publisher = new Publisher(outbox, link, new Topics(ShopEvents.Store), markHistorical: false, TimeProvider.System, NullLogger<Publisher>.Instance);
        using var stop = new CancellationTokenSource();
        Task running = link.RunAsync(CancellationToken.None);
        Task publishing = publisher.RunAsync(stop.Token);
        long left = await publisher.DrainAsync(TimeSpan.FromSeconds(120), CancellationToken.None);
        await stop.CancelAsync();
        await publishing;
        await link.DisconnectAsync();
        await running;
        if (left > 0 || OutboxFile.Lanes.Any(lane => outbox.DeadIn(lane) > 0))
        {
            throw new InvalidOperationException($"{left} events were left and {OutboxFile.Lanes.Sum(outbox.DeadIn)} dead after {history.Acknowledged} acknowledged ones.");
        }
    }
}
