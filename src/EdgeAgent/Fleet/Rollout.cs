using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EdgeAgent.Fleet;

/// <summary>When a roll-out goes on and when it stops.</summary>
/// <param name="Waves">Rising shares of the fleet in percent, the last 100: who has the document when a wave has been sent.</param>
/// <param name="MaxBadPercent">The roll-out stops when more than this share of the boxes that were sent it are bad or silent.</param>
/// <param name="Patience">A box that has not answered after this long counts as silent; longer than the box's own probation.</param>
internal sealed record RolloutRules(IReadOnlyList<double> Waves, double MaxBadPercent, TimeSpan Patience);

/// <summary>What one box of a roll-out has come to.</summary>
internal enum RolloutResult
{
    NotSent,
    Sent,
    Applied,

    /// <summary>It refused or returned to what it had.</summary>
    Bad,

    /// <summary>It was there and has not answered in time.</summary>
    Silent,

    /// <summary>It was not there; it takes the document when it is back. Nobody waits for it, and it stops nothing.</summary>
    Away,
}

/// <summary>
/// A document on its way through a fleet, in waves: the first few boxes first, the next wave only when the one before has answered well.
/// A machine without clock or network: it is told the time and what the boxes said, and says whom to send to.
/// </summary>
internal sealed class Rollout
{
    private readonly RolloutRules _rules;
    private readonly Func<BoxName, bool> _isAway;
    private readonly List<BoxName> _order;
    private readonly Dictionary<BoxName, (RolloutResult Result, int Wave, DateTimeOffset Since)> _boxes;
    private int _sent;

    /// <param name="version">Also draws who comes first: another version tries other boxes, the same version the same.</param>
    /// <param name="isAway">Boxes that are not there come last: a canary that cannot sing warns nobody.</param>
    public Rollout(IEnumerable<BoxName> boxes, long version, RolloutRules rules, Func<BoxName, bool>? isAway = null)
    {
        _rules = rules;
        _isAway = isAway ?? (_ => false);
        _order = [.. boxes.Distinct().OrderBy(_isAway).ThenBy(box => Draw(box, version))];
        _boxes = _order.ToDictionary(box => box, _ => (RolloutResult.NotSent, 0, default(DateTimeOffset)));
    }

    /// <summary>From 1; 0 before the first.</summary>
    public int Wave { get; private set; }

    /// <summary>Boxes in the order in which they get the document.</summary>
    public IReadOnlyList<BoxName> Order => _order;

    public bool Stopped { get; private set; }

    /// <summary>Everybody who was sent it has answered or is silent, and nobody else will be sent it.</summary>
    public bool Ended => (Stopped || _sent == _order.Count) && Count(RolloutResult.Sent) == 0;

    public int Count(RolloutResult result) => _boxes.Values.Count(box => box.Result == result);

    public (RolloutResult Result, int Wave) Of(BoxName box) => (_boxes[box].Result, _boxes[box].Wave);

    /// <summary>A box has answered this very version.</summary>
    public void Take(BoxName box, Verdict verdict)
    {
        // A silent box that speaks after all is told as what it says; the stop that its silence caused stays.
        if (verdict != Verdict.Waiting && _boxes.TryGetValue(box, out var known) && known.Result is not RolloutResult.NotSent)
        {
            _boxes[box] = known with { Result = verdict == Verdict.Good ? RolloutResult.Applied : RolloutResult.Bad };
        }
    }

    /// <summary>Whom to send the document to now; empty while answers are awaited, and at the end.</summary>
    public IReadOnlyList<BoxName> Next(DateTimeOffset now)
    {
        foreach (BoxName box in _order.Take(_sent))
        {
            var known = _boxes[box];
            if (known.Result == RolloutResult.Sent && now - known.Since >= _rules.Patience)
            {
                _boxes[box] = known with { Result = RolloutResult.Silent };
            }
        }
        int wrong = Count(RolloutResult.Bad) + Count(RolloutResult.Silent);
        Stopped |= wrong > 0 && wrong > Math.Floor(_sent * _rules.MaxBadPercent / 100);
        if (Stopped || _sent == _order.Count || Count(RolloutResult.Sent) > 0)
        {
            return [];
        }
        double share = _rules.Waves[Math.Min(Wave, _rules.Waves.Count - 1)];
        int upTo = Math.Clamp((int)Math.Ceiling(_order.Count * share / 100), _sent + 1, _order.Count);
        Wave++;
        BoxName[] next = [.. _order.Skip(_sent).Take(upTo - _sent)];
        foreach (BoxName box in next)
        {
            _boxes[box] = (_isAway(box) ? RolloutResult.Away : RolloutResult.Sent, Wave, now);
        }
        _sent = upTo;
        return next;
    }

    private static ulong Draw(BoxName box, long version) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{version}/{box}")));
}
