using System.Text;
using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;

namespace EdgeAgent.Tests.Egress;

/// <summary>
/// Whatever happens to an outbox, each committed event has one fate that is told: it left, it waits, it is dead, or it is in a declared range;
/// and the chain over what left fits what left.
/// </summary>
public sealed class AccountingTests
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Nothing_is_dropped_in_silence(int seed)
    {
        using var folder = new TestFolder();
        var life = new Life(folder["outbox.db"], seed);
        for (int step = 0; step < 200; step++)
        {
            await life.StepAsync();
        }
        await life.CheckAsync();
    }

    /// <summary>A random life of an outbox of one MiB, and what a perfect observer knows about it.</summary>
    private sealed class Life(string path, int seed)
    {
        private readonly Random _dice = new(seed);
        private readonly ManualTime _time = new();
        private readonly Channel<ShopInput> _reports = Channel.CreateBounded<ShopInput>(3);
        private readonly Dictionary<(long Epoch, long Seq), Lane> _committed = [];
        private readonly HashSet<(long Epoch, long Seq)> _left = [];
        private readonly HashSet<(long Epoch, long Seq)> _letGoAndLeft = [];
        private readonly HashSet<(long Epoch, long Seq)> _either = [];
        private readonly List<ShopInput.EventsShed> _told = [];
        private readonly List<string> _recording = [];
        private readonly List<LaneHead> _heads = [];
        private Outbox? _outbox;
        private List<WaitingEvent> _inFlight = [];
        private long _seq;

        public async Task StepAsync()
        {
            _outbox ??= Open();
            switch (_dice.Next(20))
            {
                case < 9:
                    await AppendAsync(_dice.Next(1, 12));
                    break;
                case < 12:
                    _inFlight = [.. OutboxFile.Lanes.SelectMany(lane => _outbox.ReadWaiting(lane, 0, _dice.Next(20))).Where(_ => _dice.Next(4) > 0)];
                    break;
                case < 15:
                    await AcknowledgeAsync();
                    break;
                case 15:
                    // Refused, so not on its way any more.
                    List<WaitingEvent> refused = [.. _outbox.ReadWaiting((Lane)_dice.Next(3), 0, 3).Where(_ => _dice.Next(2) > 0)];
                    _inFlight.RemoveAll(e => refused.Exists(dead => dead.Id == e.Id));
                    await _outbox.MarkDeadAsync(refused, DeadLetterReason.Refused, s_none);
                    break;
                case 16:
                    _time.Advance(TimeSpan.FromHours(_dice.Next(20)));
                    await _outbox.ExpireAsync(s_none);
                    break;
                case 17:
                    await TellAsync();
                    break;
                case 18:
                    await _outbox.SessionLostAsync(s_none);
                    await _outbox.MarkAckedAsync(_outbox.ReadOwed(0, 5), s_none);
                    break;
                default:
                    await _outbox.DisposeAsync();
                    _outbox = null;
                    _inFlight = [];
                    // What stood in the channel is gone with the process; the file tells it again.
                    while (_reports.Reader.TryRead(out _))
                    {
                    }
                    return;
            }
            _heads.AddRange(_outbox.Heads());
        }

        public async Task CheckAsync()
        {
            _outbox ??= Open();
            for (int i = 0; i < 200 && (_reports.Reader.Count > 0 || i < 3); i++)
            {
                await TellAsync();
            }
            var waits = OutboxFile.Lanes.SelectMany(lane => _outbox.ReadWaiting(lane, 0, int.MaxValue)).Select(e => (e.Epoch, e.Seq)).ToHashSet();
            using (OutboxView view = OutboxView.Open(path))
            {
                Assert.Equal(view.Depths().Select(lane => (lane.Waiting, lane.Dead)), OutboxFile.Lanes.Select(lane => (_outbox.WaitingIn(lane), _outbox.DeadIn(lane))));
                Assert.Equal((view.Depths()[0].Copies, view.Depths()[0].Owed), (_outbox.Unconfirmed, _outbox.OwedAgain));
                var dead = view.Dead(int.MaxValue).Select(e => (e.Epoch, e.Seq)).ToHashSet();
                int declared = 0;
                foreach (((long epoch, long seq), Lane lane) in _committed)
                {
                    bool letGo = _told.Exists(gap => gap.Lane == lane && gap.Epoch == epoch && seq >= gap.FromSeq && seq <= gap.ToSeq);
                    declared += letGo ? 1 : 0;
                    bool left = _left.Contains((epoch, seq)) || (_either.Contains((epoch, seq)) && !letGo);
                    int fates = (waits.Contains((epoch, seq)) ? 1 : 0) + (dead.Contains((epoch, seq)) ? 1 : 0) + (left ? 1 : 0) + (letGo ? 1 : 0);
                    Assert.True(fates == 1, $"{epoch}/{seq} of {lane}: waits {waits.Contains((epoch, seq))}, dead {dead.Contains((epoch, seq))}, left {left}, let go {letGo}.");
                }
                Assert.Equal(declared, _told.Sum(gap => gap.Count));
                Assert.True(declared > 0 && _left.Count > 50, "The dice gave a life in which nothing happened.");
            }
            // The observer wrote down what arrived in the order it arrived, and the gaps as the box tells them.
            var recording = new Recording();
            recording.Read(_recording);
            recording.LetGo.AddRange(_told.Select(gap => new ShedRange(gap.Lane, gap.Epoch, gap.FromSeq, gap.ToSeq, gap.Count)));
            ChainVerdict verdict = new ChainVerifier(recording, new HashSet<Guid>()).Check(_heads);
            Assert.Empty(verdict.Wrong);
            Assert.InRange(_outbox.Heads().Sum(head => head.Count) + Held(), _left.Count, _left.Count + _either.Count);
            await _outbox.DisposeAsync();
        }

        private Outbox Open()
        {
            Outbox opened = Some.Outbox(path, new OutboxConfig(MaxMegabytes: 1, MaxDays: 3, ReplayDays: 2), _reports.Writer, _time);
            _seq = 0;
            return opened;
        }

        private async Task AppendAsync(int count, ShopInput.EventsShed? told = null)
        {
            var events = new List<EgressEvent>();
            for (int i = 0; i < count; i++)
            {
                Lane lane = told is not null ? Lane.Settlement : (Lane)_dice.Next(3);
                events.Add(Some.Event(++_seq, lane, _dice.Next(100, 4000), epoch: _outbox!.Epoch));
                _committed.Add((_outbox.Epoch, _seq), lane);
            }
            await _outbox!.AppendAsync(events, s_none, null, told is null ? null : [new ShedRange(told.Lane, told.Epoch, told.FromSeq, told.ToSeq, told.Count)]);
        }

        /// <summary>The broker takes some of what was read a while ago; the outbox may have let it go meanwhile.</summary>
        private async Task AcknowledgeAsync()
        {
            List<WaitingEvent> acked = [.. _inFlight.Where(_ => _dice.Next(3) > 0)];
            _inFlight = [.. _inFlight.Except(acked)];
            var here = OutboxFile.Lanes.SelectMany(lane => _outbox!.ReadWaiting(lane, 0, int.MaxValue)).Select(e => (e.Epoch, e.Seq)).ToHashSet();
            long before = Shed();
            await _outbox!.MarkAckedAsync(acked, s_none);
            foreach (WaitingEvent e in acked)
            {
                // Let go while it was on its way, or, when the mark itself found no room, perhaps just before it was marked.
                (!here.Contains((e.Epoch, e.Seq)) ? _letGoAndLeft : Shed() > before ? _either : _left).Add((e.Epoch, e.Seq));
                _recording.Add(Encoding.UTF8.GetString(e.Envelope.Span));
            }

            long Shed() => OutboxFile.Lanes.Sum(_outbox!.ShedFrom);
        }

        /// <summary>The shop takes a report and appends the event that tells it.</summary>
        private async Task TellAsync()
        {
            if (_reports.Reader.TryRead(out ShopInput? report) && report is ShopInput.EventsShed shed)
            {
                _told.Add(shed);
                await AppendAsync(1, shed);
            }
            else
            {
                await AppendAsync(1);
            }
        }

        private long Held()
        {
            using var connection = OutboxFile.Open(path, Microsoft.Data.Sqlite.SqliteOpenMode.ReadOnly);
            return OutboxFile.Lanes.Sum(lane =>
            {
                using var count = connection.CreateCommand();
                count.CommandText = $"SELECT count(*) FROM {OutboxFile.Table(lane)} WHERE chained=0 AND (state=1 OR state=3)";
                return (long)count.ExecuteScalar()!;
            });
        }
    }
}
