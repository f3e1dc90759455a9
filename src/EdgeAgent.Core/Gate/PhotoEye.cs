using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Gate;

/// <summary>Somebody in the light beam of a gate: from its break until it is clear again, null while it is broken.</summary>
internal sealed class EyePassage(DateTimeOffset from)
{
    public DateTimeOffset From { get; } = from;

    public DateTimeOffset? To { get; set; }

    /// <summary>The last break or clearing, kept or not.</summary>
    public DateTimeOffset LastEdge { get; set; } = from;

    /// <summary>Every break and clearing of the beam in this passage: legs break it more than once.</summary>
    public List<EyeEdge> Edges { get; } = [new EyeEdge(from, true)];

    // A cart is at least so many times as long as a body, and takes this long through the beam. Seconds.
    private const double CartLonger = 2;
    private const double CartSeconds = 0.5;

    /// <summary>Something longer than a body, and right behind it a body at the same pace.</summary>
    public bool IsCart => Edges.Count == 4
        && (Edges[1].At - Edges[0].At).TotalSeconds is >= CartSeconds and double first
        && first >= CartLonger * Math.Max((Edges[2].At - Edges[1].At).TotalSeconds, (Edges[3].At - Edges[2].At).TotalSeconds);
}

/// <summary>The light beam of one gate: passages in order, those not yet decided. A beam that stays broken for too long is a fault, and clears itself when the beam does.</summary>
internal sealed class PhotoEye(PhotoEyeConfig eye)
{
    // Passages that wait for their decision. A person needs half a second: thirty people at once. Beyond it the oldest is decided with what is known.
    public const int MaxPassages = 64;

    // Edges kept of one passage.
    private const int MaxEdges = 32;

    // A beam at the height of legs is broken twice by most people; where at least every fifth passage has several breaks, they tell nothing.
    private const int OnceForTwice = 4;
    private const int Memory = 200;

    /// <summary>Two people make a long break with a short one close behind it so many times as often as a cart and whoever pushes it.</summary>
    public const double TwoLikeACart = 0.1;

    // Passages that gates beside this one may ask for: as many as go through in the time that reads are kept for them.
    private const int MaxRecent = 32;

    private readonly List<EyePassage> _passages = [];
    private readonly Queue<EyePassage> _recent = [];
    private int _once;
    private int _twice;

    public PhotoEyeConfig Config => eye;

    /// <summary>Undecided, oldest first. The last may still be going on.</summary>
    public List<EyePassage> Passages => _passages;

    /// <summary>The newest, decided or not.</summary>
    public IReadOnlyCollection<EyePassage> Recent => _recent;

    /// <summary>Broken for longer than a person takes: dirt, a parked cart, a cut wire.</summary>
    public bool Stuck { get; private set; }

    public bool IsAt(string reader, int port) => port == eye.Port && reader == eye.Reader;

    public void Pin(DateTimeOffset at, bool high)
    {
        bool broken = high == eye.ActiveHigh;
        EyePassage? last = _passages.Count > 0 ? _passages[^1] : null;
        if (!broken)
        {
            Stuck = false;
            if (last is { To: null })
            {
                last.To = at;
                Note(last, at, broken);
            }
        }
        else if (last is { To: DateTimeOffset to } && (at - to).TotalSeconds < eye.MergeSeconds)
        {
            last.To = null;
            Note(last, at, broken);
        }
        else if (last is not { To: null } && !Stuck)
        {
            var passage = new EyePassage(at);
            _passages.Add(passage);
            _recent.Enqueue(passage);
            if (_recent.Count > MaxRecent)
            {
                _recent.Dequeue();
            }
        }
    }

    /// <summary>True at the moment at which the beam counts as stuck; its passage is no passage then.</summary>
    public bool Tick(DateTimeOffset now)
    {
        if (_passages.Count > 0 && _passages[^1] is { To: null } last && (now - last.LastEdge).TotalSeconds >= eye.StuckSeconds)
        {
            _passages.RemoveAt(_passages.Count - 1);
            Stuck = true;
            return true;
        }
        return false;
    }

    /// <summary>Broken again shortly after it was clear, at a beam that one person breaks once: two may have gone through close to each other.</summary>
    public bool MayBeTwo(EyePassage passage) => passage.Edges.Count > 2 && _once >= OnceForTwice * _twice;

    /// <summary>How often people break this beam.</summary>
    public void Learn(EyePassage passage)
    {
        _ = passage.Edges.Count > 2 ? _twice++ : _once++;
        if (_once + _twice >= Memory)
        {
            _once /= 2;
            _twice /= 2;
        }
    }

    private static void Note(EyePassage passage, DateTimeOffset at, bool broken)
    {
        passage.LastEdge = at;
        if (passage.Edges.Count < MaxEdges)
        {
            passage.Edges.Add(new EyeEdge(at, broken));
        }
    }
}
