using EdgeAgent.Core;
using EdgeAgent.Core.Members;

namespace EdgeAgent.Vision.Faces;

/// <summary>How faces of one person before the camera are brought to one answer.</summary>
/// <param name="Threshold">Cosine from which two faces are the same person's.</param>
/// <param name="Margin">By how much the nearest member must be nearer than the second.</param>
/// <param name="Shots">Good shots looked at for one answer; the better two thirds of them are averaged.</param>
internal readonly record struct FaceRules(float Threshold, float Margin, int Shots)
{
    // A single shot this far below the threshold will not be lifted over it by others: it is nobody's, and goes at once.
    private const float Hopeless = 0.2f;

    // Answers sought from one person after one gesture. More tries would let a stranger be taken for a member by patience.
    private const int Tries = 3;

    // Failed answers in one zone after one gesture, whoever gave them. Who steps aside and comes back is a new person here, and would
    // have three more each time. What is lost: a member among several strangers may be missed, and presses again.
    private const int TriesInZone = 6;

    public float HopelessBelow => Threshold - Hopeless;

    public int MostMisses => Tries * Shots;

    public int MostMissesInZone => TriesInZone * Shots;

    /// <summary>How many of the shots are averaged.</summary>
    public int Best => ((Shots * 2) + 2) / 3;
}

/// <summary>
/// One person before the camera after a gesture, for as long as the zone is armed: holds the few good shots that may be a member's, and
/// zeroes each vector the moment it is of no more use.
/// </summary>
internal sealed class FaceShots(Box box, string zone, DateTimeOffset at)
{
    private readonly List<(FaceTemplate Face, float Worth)> _shots = [];
    private bool _recognised;

    public Box Box { get; private set; } = box;
    public string Zone { get; } = zone;
    public DateTimeOffset LastAt { get; private set; } = at;

    /// <summary>Recognised, or tried often enough: no more shots until the zone is armed anew.</summary>
    public bool Closed { get; private set; }

    /// <summary>Shots that led to no member.</summary>
    public int Misses { get; private set; }

    /// <summary>Vectors that are not zeroed yet.</summary>
    public int Held => _shots.Count;

    public void SeenAt(in Box box, DateTimeOffset at) => (Box, LastAt) = (box, at);

    /// <summary>There was a new gesture: who was turned away is tried again, who was recognised is not. Shots that are held count on.</summary>
    public void TryAnew() => (Misses, Closed) = (0, _recognised);

    /// <summary>Takes over <paramref name="face"/>, which is zeroed here at once or with the answer.</summary>
    /// <param name="wiped">Counts the vectors zeroed.</param>
    /// <returns>The answer, when there is one: <see cref="FaceVerdict.Nobody"/> also for a single hopeless shot.</returns>
    public FaceMatch? Add(FaceTemplate face, float worth, MemberGallery gallery, in FaceRules rules, ref long wiped)
    {
        float nearest = gallery.Nearest(face);
        if (!(nearest >= rules.HopelessBelow))
        {
            face.Wipe();
            wiped++;
            Misses++;
            Closed = Misses >= rules.MostMisses;
            return new FaceMatch(FaceVerdict.Nobody, default, nearest);
        }
        _shots.Add((face, worth));
        if (_shots.Count < rules.Shots)
        {
            return null;
        }
        _shots.Sort(static (a, b) => b.Worth.CompareTo(a.Worth));
        FaceMatch match = Decide(gallery, rules);
        wiped += Wipe();
        _recognised = match.Verdict == FaceVerdict.Member;
        Misses += _recognised ? 0 : rules.Shots;
        Closed = _recognised || Misses >= rules.MostMisses;
        return match;
    }

    /// <summary>Zeroes what is held; says how many vectors that were.</summary>
    public int Wipe()
    {
        int count = _shots.Count;
        foreach ((FaceTemplate face, _) in _shots)
        {
            face.Wipe();
        }
        _shots.Clear();
        return count;
    }

    private FaceMatch Decide(MemberGallery gallery, in FaceRules rules)
    {
        var best = new FaceTemplate[rules.Best];
        for (int i = 0; i < best.Length; i++)
        {
            best[i] = _shots[i].Face;
        }
        FaceTemplate fused = FaceTemplate.Mean(best);
        try
        {
            return gallery.Decide(fused, rules.Threshold, rules.Margin);
        }
        finally
        {
            fused.Wipe();
        }
    }
}
