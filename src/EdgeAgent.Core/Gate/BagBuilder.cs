namespace EdgeAgent.Core.Gate;

/// <summary>Collects the verdicts of one passage.</summary>
internal sealed class BagBuilder
{
    private readonly List<TagLeft> _left = [];
    private readonly List<TagLeft> _entered = [];
    private readonly List<TagEvidence> _evidence = [];

    private int _notKept;

    public int Strays { get; private set; }

    public bool IsEmpty => _left.Count + _entered.Count + _evidence.Count == 0;

    public void Add(TagPresence tag, TagEvidence evidence)
    {
        if (evidence.Verdict is TagVerdict.Leaving or TagVerdict.Uncertain)
        {
            _left.Add(new TagLeft(tag.Epc, tag.GateReads, tag.StrongestDbm, evidence.Verdict == TagVerdict.Uncertain));
        }
        else if (evidence.Verdict == TagVerdict.Entering)
        {
            _entered.Add(new TagLeft(tag.Epc, tag.GateReads, tag.StrongestDbm, Weak: false));
        }
        else
        {
            Strays++;
        }
        if (_evidence.Count < ExitGate.MaxEvidence)
        {
            _evidence.Add(evidence);
        }
        else
        {
            _notKept++;
        }
    }

    public BagLeft Build(GatePassage passage, bool split = false) =>
        new(passage, _left, split) { Entered = _entered, Evidence = _evidence, NotKept = _notKept };
}
