namespace EdgeAgent.Core.Visits;

/// <summary>
/// Pairs the tracks of one camera with the detections of one picture. Pairs that touch each other, directly or through others, are a knot and
/// solved together for the best sum of scores; a knot too large for that is taken best pair first. Keeps its lists from picture to picture.
/// </summary>
internal sealed class Pairing
{
    // The exact way takes the cube of this: about a millisecond at 64.
    private const int LargestKnot = 64;

    private readonly List<Pair> _pairs = [];
    private readonly List<int> _rows = [];
    private readonly List<int> _columns = [];
    private readonly Assignment _assignment = new();

    private int[] _seenOf = [];
    private int[] _trackOf = [];

    // Members are tracks, then detections. Roots of knots while they are tied, then each member's row or column in its knot.
    private int[] _member = [];
    private float[] _scores = [];
    private int[] _chosen = new int[LargestKnot];

    /// <summary>The detection of a track, or -1.</summary>
    public int SeenOf(int track) => _seenOf[track];

    /// <summary>The track of a detection, or -1.</summary>
    public int TrackOf(int seen) => _trackOf[seen];

    /// <summary>Forgets the last picture.</summary>
    public void Begin(int tracks, int seen)
    {
        if (_seenOf.Length < tracks)
        {
            _seenOf = new int[tracks * 2];
        }
        if (_trackOf.Length < seen)
        {
            _trackOf = new int[seen * 2];
        }
        if (_member.Length < tracks + seen)
        {
            _member = new int[(tracks + seen) * 2];
        }
        Array.Fill(_seenOf, -1, 0, tracks);
        Array.Fill(_trackOf, -1, 0, seen);
        _pairs.Clear();
    }

    /// <summary>Offers a pair; one with a score of 0 is none.</summary>
    public void Offer(float score, int track, int seen)
    {
        if (score > 0)
        {
            _pairs.Add(new Pair(0, score, track, seen));
        }
    }

    /// <summary>Makes pairs of those offered since the last call. What was paired before must not have been offered again.</summary>
    public void Make(int tracks, int seen)
    {
        for (int i = 0; i < tracks + seen; i++)
        {
            _member[i] = i;
        }
        foreach (Pair pair in _pairs)
        {
            int a = Root(pair.Track);
            int b = Root(tracks + pair.Seen);
            _member[Math.Max(a, b)] = Math.Min(a, b);
        }
        for (int i = 0; i < _pairs.Count; i++)
        {
            _pairs[i] = _pairs[i] with { Knot = Root(_pairs[i].Track) };
        }
        _pairs.Sort(static (x, y) => x.CompareTo(y));
        for (int first = 0; first < _pairs.Count;)
        {
            int end = first + 1;
            while (end < _pairs.Count && _pairs[end].Knot == _pairs[first].Knot)
            {
                end++;
            }
            Untie(first, end, tracks);
            first = end;
        }
        _pairs.Clear();
    }

    private void Untie(int first, int end, int tracks)
    {
        if (end - first == 1)
        {
            Take(_pairs[first].Track, _pairs[first].Seen);
            return;
        }
        Number(first, end, tracks);
        if (_rows.Count > LargestKnot || _columns.Count > LargestKnot)
        {
            for (int i = first; i < end; i++)
            {
                if (_seenOf[_pairs[i].Track] < 0 && _trackOf[_pairs[i].Seen] < 0)
                {
                    Take(_pairs[i].Track, _pairs[i].Seen);
                }
            }
            return;
        }
        int size = _rows.Count * _columns.Count;
        if (_scores.Length < size)
        {
            _scores = new float[size * 2];
        }
        Array.Clear(_scores, 0, size);
        for (int i = first; i < end; i++)
        {
            _scores[(_member[_pairs[i].Track] * _columns.Count) + _member[tracks + _pairs[i].Seen]] = _pairs[i].Score;
        }
        _assignment.Solve(_scores.AsSpan(0, size), _rows.Count, _columns.Count, _chosen);
        for (int row = 0; row < _rows.Count; row++)
        {
            if (_chosen[row] >= 0)
            {
                Take(_rows[row], _columns[_chosen[row]]);
            }
        }
    }

    /// <summary>Gives each member of the knot a row or a column, in the order in which its best pair comes.</summary>
    private void Number(int first, int end, int tracks)
    {
        _rows.Clear();
        _columns.Clear();
        for (int i = first; i < end; i++)
        {
            _member[_pairs[i].Track] = -1;
            _member[tracks + _pairs[i].Seen] = -1;
        }
        for (int i = first; i < end; i++)
        {
            ref int row = ref _member[_pairs[i].Track];
            if (row < 0)
            {
                row = _rows.Count;
                _rows.Add(_pairs[i].Track);
            }
            ref int column = ref _member[tracks + _pairs[i].Seen];
            if (column < 0)
            {
                column = _columns.Count;
                _columns.Add(_pairs[i].Seen);
            }
        }
    }

    private void Take(int track, int seen)
    {
        _seenOf[track] = seen;
        _trackOf[seen] = track;
    }

    private int Root(int member)
    {
        while (_member[member] != member)
        {
            member = _member[member] = _member[_member[member]];
        }
        return member;
    }

    private readonly record struct Pair(int Knot, float Score, int Track, int Seen)
    {
        /// <summary>By knot, then best first. Ties fall by track and detection number, so that a replay always pairs alike.</summary>
        public int CompareTo(in Pair other) =>
            Knot != other.Knot ? Knot.CompareTo(other.Knot)
            : Score != other.Score ? other.Score.CompareTo(Score)
            : Track != other.Track ? Track.CompareTo(other.Track)
            : Seen.CompareTo(other.Seen);
    }
}
