using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Gate;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using EdgeAgent.Tests.Egress;
using EdgeAgent.Torture.Trials;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Faults;

public sealed class WaitingRoomTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Channel<ShopInput> _reports = Channel.CreateUnbounded<ShopInput>();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_put_in_is_on_disk_in_order_when_the_room_is_empty()
    {
        await using Outbox outbox = Some.Outbox(_folder["outbox.db"]);
        WaitingRoom room = Room(outbox);
        for (int seq = 1; seq <= 1000; seq += 2)
        {
            room.Put([Some.Event(seq), Some.Event(seq + 1)]);
        }
        Task running = room.RunAsync();
        room.Close();
        await running;

        Assert.Equal(0, room.Count);
        Assert.Equal(Enumerable.Range(1, 1000).Select(seq => (long)seq), outbox.ReadWaiting(Lane.Visit, 0, 2000).Select(visit => visit.Seq));
        Assert.InRange(outbox.Commits, 1, 10);
    }

    [Fact]
    public async Task Of_what_is_in_the_gates_the_newest_waits_and_no_event_behind_it_is_written_before_it()
    {
        string path = _folder["outbox.db"];
        await using (Outbox outbox = Some.Outbox(path))
        {
            WaitingRoom room = Room(outbox, capacity: 300);
            // Nobody hands over yet: the disk stalls for a long time, and somebody stands in the gate.
            room.Put([Some.Event(1, Lane.Settlement)], In(0));
            long before = GC.GetTotalMemory(forceFullCollection: true);
            for (int n = 1; n <= 20_000; n++)
            {
                room.Put([], In(n));
            }
            Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 1_000_000);
            Assert.Equal(1, room.Count);
            for (int seq = 2; seq <= 700; seq++)
            {
                room.Put([Some.Event(seq, Lane.Observation)], In(20_000 + seq));
            }
            Task running = room.RunAsync();
            room.Close();
            await running;
            Assert.Equal(1, outbox.WaitingIn(Lane.Settlement));
        }
        await using Outbox next = Some.Outbox(path);
        Assert.Equal(20_700, Assert.Single(Assert.Single(next.ReadUndecided()).Tags).Reads);

        static SoldRows In(int n) => new([], [])
        {
            Undecided =
            [
                new ShopEvent.PassagesUndecided(DateTimeOffset.UnixEpoch, "gate-1", [new UndecidedPassage("gate-1", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, [new UndecidedTag(new Epc(new byte[12], 96), n, -50, DateTimeOffset.UnixEpoch)])]),
            ],
        };
    }

    [Fact]
    public async Task A_full_room_lets_the_oldest_of_the_lowest_lane_go_and_tells_exactly_which()
    {
        await using Outbox outbox = Some.Outbox(_folder["outbox.db"]);
        WaitingRoom room = Room(outbox, capacity: 300);
        // Nobody hands over yet: the disk stalls.
        for (int seq = 1; seq <= 600; seq += 3)
        {
            room.Put([Some.Event(seq, Lane.Settlement), Some.Event(seq + 1), Some.Event(seq + 2, Lane.Observation)]);
        }
        Assert.InRange(room.Count, 200, 300);
        Task running = room.RunAsync();
        room.Close();
        await running;
        room.OfferReports();

        Assert.Equal(200, outbox.WaitingIn(Lane.Settlement));
        Assert.Equal(200, outbox.WaitingIn(Lane.Settlement) + room.ShedFrom(Lane.Settlement));
        foreach (Lane lane in new[] { Lane.Visit, Lane.Observation })
        {
            List<ShopInput.EventsShed> told = [.. Told().Where(shed => shed.Lane == lane)];
            var left = outbox.ReadWaiting(lane, 0, 1000).Select(e => e.Seq).ToList();
            Assert.Equal(200, left.Count + told.Sum(shed => shed.Count));
            Assert.All(left, seq => Assert.DoesNotContain(told, shed => seq >= shed.FromSeq && seq <= shed.ToSeq));
            Assert.Equal(room.ShedFrom(lane), told.Sum(shed => shed.Count));
        }
        Assert.True(room.ShedFrom(Lane.Observation) > room.ShedFrom(Lane.Visit));
    }

    [Fact]
    public async Task Settlements_go_when_there_is_nothing_else()
    {
        await using Outbox outbox = Some.Outbox(_folder["outbox.db"]);
        WaitingRoom room = Room(outbox, capacity: 200);
        for (int seq = 1; seq <= 1000; seq++)
        {
            room.Put([Some.Event(seq, Lane.Settlement)]);
        }
        Task running = room.RunAsync();
        room.Close();
        await running;
        room.OfferReports();

        ShopInput.EventsShed told = Assert.Single(Told());
        Assert.Equal((1, told.Count), (told.FromSeq, told.ToSeq));
        Assert.Equal(1000, told.Count + outbox.WaitingIn(Lane.Settlement));
    }

    [Fact]
    public async Task What_was_sold_is_kept_though_its_observation_was_let_go()
    {
        await using Outbox outbox = Some.Outbox(_folder["outbox.db"]);
        WaitingRoom room = Room(outbox, capacity: 100);
        var epc = new Epc(Convert.FromHexString("3034257BF400004000000001"), 96);
        room.Put([Some.Event(1, Lane.Observation)], new SoldRows([new SoldItem(epc, DateTimeOffset.UnixEpoch)], []));
        for (int seq = 2; seq <= 300; seq++)
        {
            room.Put([Some.Event(seq, Lane.Observation)]);
        }
        Task running = room.RunAsync();
        room.Close();
        await running;

        Assert.True(room.ShedFrom(Lane.Observation) >= 200);
        Assert.Equal(epc, Assert.Single(outbox.ReadSold()).Epc);
    }

    [Fact]
    public async Task A_burst_of_ten_thousand_a_second_is_accounted_for_in_bounded_memory()
    {
        await using var box = new StrainedBox(_folder["outbox.db"]);
        await box.SayAsync(10_000, TimeSpan.FromSeconds(3));
        await box.OnDiskAsync();
        await StrainedBox.UntilAsync(() => box.Gaps.Sum(gap => gap.Count) == OutboxFile.Lanes.Sum(box.Room.ShedFrom), "every gap to be told");
        await box.OnDiskAsync();

        Torture.Histories.History history = box.History();
        box.DeliverAll(history);

        Assert.Empty(history.Check());
        Assert.InRange(box.MostInRoom, 1, WaitingRoom.MaxEvents);
    }

    [Fact]
    public async Task An_outbox_that_has_failed_for_good_reaches_the_shop_with_its_next_step()
    {
        Outbox outbox = Some.Outbox(_folder["outbox.db"]);
        WaitingRoom room = Room(outbox);
        Task running = room.RunAsync();
        await outbox.DisposeAsync();
        room.Put([Some.Event(1)]);
        await Assert.ThrowsAnyAsync<Exception>(() => running);

        Assert.Throws<OutboxException>(() => room.Put([Some.Event(2)]));
    }

    private WaitingRoom Room(Outbox outbox, int capacity = WaitingRoom.MaxEvents) =>
        new(outbox, _reports.Writer, TimeProvider.System, NullLogger<WaitingRoom>.Instance) { Capacity = capacity };

    private List<ShopInput.EventsShed> Told()
    {
        var told = new List<ShopInput.EventsShed>();
        while (_reports.Reader.TryRead(out ShopInput? report))
        {
            told.Add(Assert.IsType<ShopInput.EventsShed>(report));
        }
        foreach (ShopInput.EventsShed shed in told)
        {
            _reports.Writer.TryWrite(shed); // so that it can be asked again
        }
        return told;
    }
}
