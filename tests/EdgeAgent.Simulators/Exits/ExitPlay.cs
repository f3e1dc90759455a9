using EdgeAgent.Core;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Gate;
using EdgeAgent.Rfid.Epcs;
using EdgeAgent.Simulators.Gates;
using EdgeAgent.Simulators.Scenes;

namespace EdgeAgent.Simulators.Exits;

/// <summary>One exit played into a shop, and what it is worth against what really happened: the bills as they stand at the end.</summary>
public sealed class ExitPlay
{
    private readonly Dictionary<string, OpenDecision> _standing = [];
    private readonly Dictionary<string, VisitId?> _visits = [];

    private readonly HashSet<string> _sold;

    // Settlement key and item: paid back, and for sale again.
    private readonly HashSet<(string, string)> _refunded = [];

    private ExitPlay(ExitCase exit, GateScene scene, IReadOnlyList<SoldItem> sold, IReadOnlyList<ShopEvent> events, IReadOnlyList<CheckoutAnswer> answers)
    {
        _sold = [.. sold.Select(s => CodeOf(s.Epc))];
        Events = events;
        Truth = GateTruth.Of(scene);
        foreach (ShopEvent happened in events)
        {
            if (OpenDecision.Of(happened) is OpenDecision decision)
            {
                if (happened is not ShopEvent.ExitCorrected && _standing.ContainsKey(decision.Key))
                {
                    Faults.Add($"{decision.Key} was decided twice");
                }
                _standing[decision.Key] = decision;
                _visits.TryAdd(decision.Key, (happened as ShopEvent.ExitSettled)?.Attribution.Visit);
                Corrected += happened is ShopEvent.ExitCorrected ? 1 : 0;
            }
        }
        var visitors = new VisitorsByPlace(scene, events);
        Judge(exit, visitors);
        if (exit.Money is MoneyTruth money)
        {
            JudgeMoney(money, visitors, answers);
        }
    }

    public IReadOnlyList<ShopEvent> Events { get; }

    public GateTruth Truth { get; }

    /// <summary>Bags that left, by the truth, and how many of them stand on one bill with just their goods.</summary>
    public int Bags { get; private set; }
    public int Exact { get; private set; }

    public int Settled { get; private set; }
    public int Held { get; private set; }
    public int Corrected { get; private set; }

    /// <summary>Items of all decisions as they stand at the end, once for each decision.</summary>
    public IReadOnlyList<Epc> StandingItems => [.. _standing.Values.SelectMany(decision => decision.Items).Select(item => item.Epc)];

    /// <summary>Items that left to be paid, and what became of them.</summary>
    public int Items { get; private set; }
    public int BilledItems { get; private set; }
    public int HeldItems { get; private set; }

    public int WrongShopper { get; private set; }
    public int DoubleCharges { get; private set; }

    /// <summary>Items on a bill that did not leave, or that nobody has to pay.</summary>
    public int NotLeft { get; private set; }

    /// <summary>Items that stay on the bill though they were brought back: nothing was heard of them.</summary>
    public int ReturnsMissed { get; private set; }

    public int UnexplainedHolds { get; private set; }

    /// <summary>Minor units on bills, held, and of items that left and were not noticed.</summary>
    public long Billed { get; private set; }
    public long HeldMoney { get; private set; }

    public SortedSet<HoldReason> Reasons { get; } = [];

    /// <summary>The money is not what it must be: another shopper, sum, payment or reason.</summary>
    public bool WrongMoney { get; private set; }

    /// <summary>Of that, a bill: what is only held is a person's to look at.</summary>
    public bool WrongBill { get; private set; }

    /// <summary>What must not be, in words.</summary>
    public List<string> Faults { get; } = [];

    public static ExitPlay Of(ExitCase exit, ulong seed)
    {
        GateScene scene = exit.Scene(seed);
        var stage = new GateStage(scene, looks: true);
        DeviceConfig config = VisitorsByPlace.Watched(stage.Config());
        config = exit.Config?.Invoke(config) ?? config;
        IReadOnlyList<SoldItem> sold = exit.Sold?.Invoke(seed) ?? [];
        var floor = new ShopFloor(config, EpcIdentity.Identify, Random(seed), sold);
        var events = new List<ShopEvent>();
        var till = new TillHost(exit.Says);
        bool restarted = false;
        foreach (ShopInput input in exit.Inputs?.Invoke(stage.Inputs()) ?? stage.Inputs())
        {
            if (exit.RestartAt is double at && !restarted && (input.At - GateStage.Start).TotalSeconds >= at)
            {
                if ((input.At - GateStage.Start).TotalSeconds < at + exit.OffSeconds)
                {
                    continue;
                }
                // What the disk has is all that is left of before.
                restarted = true;
                floor = new ShopFloor(config, EpcIdentity.Identify, Random(seed + 1), StillSold(sold, events), Open(events), Undecided(events));
                till.Restore(floor, input.At, events);
            }
            till.Tell(floor, input.At, events);
            floor.On(input, events);
        }
        return new ExitPlay(exit, scene, sold, events, till.Answers);
    }

    private void Judge(ExitCase exit, VisitorsByPlace visitors)
    {
        // What somebody paid for after a hold is bought too.
        var billedBy = new Dictionary<string, string>();
        foreach (ShopEvent.PaymentTaken paid in Events.OfType<ShopEvent.PaymentTaken>())
        {
            paid.Bought.ToList().ForEach(epc => billedBy.TryAdd(CodeOf(epc), paid.SettlementKey));
            paid.Returned.ToList().ForEach(epc => _refunded.Add((paid.SettlementKey, CodeOf(epc))));
            paid.Returned.ToList().ForEach(epc => billedBy.Remove(CodeOf(epc)));
        }
        foreach (OpenDecision decision in _standing.Values)
        {
            // With promotions and goods in foil the truth about the money has the sum.
            if (decision.Total + decision.Payment.Refund != decision.Payment.Prepaid + decision.Payment.Due || decision.Payment.Due < 0 || decision.Payment.Refund < 0 || decision.Bill.Lines.Sum(l => l.Net) != decision.Total)
            {
                Faults.Add($"{decision.Key}: {decision.Total} is not what is paid, {decision.Payment}");
            }
            if ((exit.Money is null && decision.Total != decision.Items.Sum(i => i.Price ?? 0)) || decision.Total < 0)
            {
                Faults.Add($"{decision.Key} adds up wrongly");
            }
            if (!decision.Settled)
            {
                Held += decision.Items.Count > 0 ? 1 : 0;
                HeldMoney += decision.Total;
                Reasons.UnionWith(decision.Reasons);
                if (decision.Reasons.Count == 0)
                {
                    UnexplainedHolds++;
                    Faults.Add($"{decision.Key} is held without a reason");
                }
                continue;
            }
            Settled += decision.Items.Count > 0 ? 1 : 0;
            Billed += decision.Total;
            string? who = _visits[decision.Key] is VisitId visit ? visitors.Came(visit) : null;
            foreach (BagItem item in decision.Items)
            {
                Charge(decision, item, who, billedBy);
            }
            if (exit.MustHold && decision.Items.Count > 0)
            {
                Faults.Add($"a bag of {decision.Items.Count} was settled that a person has to look at");
            }
        }
        foreach (ScenePassage bag in Truth.Bags)
        {
            HashSet<string> goods = [.. bag.Epcs.Where(e => !IsBackInside(e) && EpcIdentity.Identify(e).Kind == EpcKind.TradeItem).Select(CodeOf)];
            Bags += goods.Count > 0 ? 1 : 0;
            Items += goods.Count;
            BilledItems += goods.Count(billedBy.ContainsKey);
            HeldItems += goods.Count(e => !billedBy.ContainsKey(e) && _standing.Values.Any(d => !d.Settled && d.Items.Any(i => CodeOf(i.Epc) == e)));
            Exact += goods.Count > 0 && _standing.Values.Any(d => d.Settled && goods.SetEquals(d.Items.Select(i => CodeOf(i.Epc)))) ? 1 : 0;
        }
    }

    private void JudgeMoney(MoneyTruth truth, VisitorsByPlace visitors, IReadOnlyList<CheckoutAnswer> answers)
    {
        int before = Faults.Count;
        MoneyDecision[] decisions = [.. Events.Select(e => MoneyDecision.Of(e, visitors.Came)).OfType<MoneyDecision>()];
        WrongBill = decisions.Any(d => d.Held.Length == 0 && !truth.Decisions.Contains(d));
        string decided = string.Join("; ", decisions.AsEnumerable());
        string due = string.Join("; ", truth.Decisions);
        if (decided != due)
        {
            Faults.Add($"decided: {decided}, and it must be: {due}");
        }
        if (truth.Answers.Count > 0 && !truth.Answers.SequenceEqual(answers))
        {
            Faults.Add($"answered: {string.Join(", ", answers)}, and it must be: {string.Join(", ", truth.Answers)}");
        }
        MoneyStanding[] standing = [.. _standing.Values.Select(d => new MoneyStanding(
            d.Total, d.Payment.Due, d.Payment.Refund, Events.OfType<ShopEvent.ExitCorrected>().Where(c => c.Decision.Key == d.Key).Sum(c => c.Worth)))];
        if (truth.Standing.Count > 0 && !truth.Standing.SequenceEqual(standing))
        {
            Faults.Add($"stands: {string.Join("; ", standing.AsEnumerable())}, and it must be: {string.Join("; ", truth.Standing)}");
        }
        foreach ((double at, bool shut) in truth.Lock)
        {
            // The lamp hangs at another output.
            if ((Events.OfType<ShopEvent.OutputWanted>().LastOrDefault(o => o.Port == ExitCases.LockPort && o.At <= GateStage.Start.AddSeconds(at))?.On ?? false) != shut)
            {
                Faults.Add(FormattableString.Invariant($"the lock is {(shut ? "open" : "shut")} at {at} s"));
            }
        }
        WrongMoney = Faults.Count > before;
    }

    private void Charge(OpenDecision decision, BagItem item, string? who, Dictionary<string, string> billedBy)
    {
        string code = CodeOf(item.Epc);
        if (_refunded.Contains((decision.Key, code)))
        {
            return;
        }
        if (!billedBy.TryAdd(code, decision.Key))
        {
            DoubleCharges++;
            Faults.Add($"{code} is on two bills");
        }
        ScenePassage[] took = [.. Truth.Passages.Where(p => p.Kind == PassageKind.Left && p.WalkerKind != WalkerKind.Staff && p.Epcs.Concat(p.Sold).Any(e => CodeOf(e) == code))];
        if (took.Length == 0 || _sold.Contains(code))
        {
            NotLeft++;
            Faults.Add($"{code} is billed and {(took.Length == 0 ? "nobody left with it" : "was sold before")}");
        }
        else if (IsBackInside(item.Epc))
        {
            ReturnsMissed++;
        }
        else if (!took.Any(p => p.Walker == who))
        {
            WrongShopper++;
            Faults.Add($"{code} of {took[0].Walker} is billed to {who ?? "nobody known"}");
        }
    }

    /// <summary>GTIN and serial, however a tag writes them.</summary>
    private static string CodeOf(Epc epc) => EpcIdentity.Identify(epc) is { Gtin: string gtin, Serial: string serial } ? $"{gtin}/{serial}" : epc.ToHex();

    /// <summary>The last that happened to it is that it came in, and nothing says that it left again.</summary>
    private bool IsBackInside(Epc epc)
    {
        ScenePassage? last = Truth.Passages.LastOrDefault(p => p.Kind is PassageKind.Left or PassageKind.Entered && (p.Epcs.Contains(epc) || p.Sold.Contains(epc)));
        return last?.Kind == PassageKind.Entered;
    }

    private static IReadOnlyList<SoldItem> StillSold(IReadOnlyList<SoldItem> before, List<ShopEvent> events)
    {
        var sold = before.ToDictionary(s => s.Epc);
        foreach (ShopEvent happened in events)
        {
            if (happened is ShopEvent.PaymentTaken paid)
            {
                paid.Bought.ToList().ForEach(epc => sold.TryAdd(epc, new SoldItem(epc, happened.At, Bag: SoldItem.BagOf(paid.SettlementKey))));
                paid.Returned.ToList().ForEach(epc => sold.Remove(epc));
            }
            else if (OpenDecision.Of(happened) is { Settled: true } bill)
            {
                IReadOnlyList<BagItem> added = (happened as ShopEvent.ExitSettled)?.Items ?? ((ShopEvent.ExitCorrected)happened).Added;
                added.ToList().ForEach(i => sold.TryAdd(i.Epc, new SoldItem(i.Epc, happened.At, Bag: SoldItem.BagOf(bill.Key))));
                (happened as ShopEvent.ExitCorrected)?.Removed.ToList().ForEach(i => sold.Remove(i.Epc));
            }
            else if (happened is ShopEvent.ExitObserved { Passage.Direction: CrossingDirection.In } came)
            {
                came.Items.Where(i => sold.ContainsKey(i.Epc)).ToList().ForEach(i => sold[i.Epc] = sold[i.Epc] with { CameBack = true, Inside = true });
            }
        }
        return [.. sold.Values];
    }

    private static IReadOnlyList<OpenDecision> Open(List<ShopEvent> events)
    {
        // Of what is paid or let go nothing is corrected after a start.
        var open = new Dictionary<string, OpenDecision>();
        foreach (ShopEvent happened in events)
        {
            if (OpenDecision.Of(happened) is OpenDecision decision)
            {
                open[decision.Key] = decision;
            }
            else if (happened is ShopEvent.PaymentTaken { Result: not Core.Commands.PaymentResult.Declined } paid)
            {
                open.Remove(paid.SettlementKey);
            }
        }
        return [.. open.Values];
    }

    private static IEnumerable<UndecidedPassage> Undecided(List<ShopEvent> events) =>
        events.OfType<ShopEvent.PassagesUndecided>().GroupBy(e => e.Gate).SelectMany(gate => gate.Last().Passages);

    private static FillRandom Random(ulong seed)
    {
        var dice = new Dice(seed);
        return bytes =>
        {
            foreach (ref byte b in bytes)
            {
                b = (byte)dice.NextBits();
            }
        };
    }
}
