using EdgeAgent.Core.Members;

namespace EdgeAgent.Vision.Faces;

/// <summary>A member whose consent holds until <paramref name="Until"/>. The template belongs to whoever holds the record.</summary>
public sealed record EnrolledMember(MemberRef Member, DateTimeOffset Until, FaceTemplate Face);

/// <summary>What a face was compared to give: somebody, nobody, or two that are too alike to say.</summary>
internal enum FaceVerdict { Nobody, Member, Ambiguous }

/// <param name="Score">Cosine with the nearest member, whoever that is.</param>
internal readonly record struct FaceMatch(FaceVerdict Verdict, MemberRef Member, float Score);

/// <summary>
/// The members of this box in memory, for one camera. Open-set: most people are not in it, and being the nearest is not enough.
/// Owns its templates; one thread at a time.
/// </summary>
internal sealed class MemberGallery(IReadOnlyList<EnrolledMember> members)
{
    private readonly List<EnrolledMember> _members = [.. members];

    public int Count => _members.Count;

    /// <summary>Forgets those whose consent has ended.</summary>
    public void DropExpired(DateTimeOffset now)
    {
        for (int i = _members.Count - 1; i >= 0; i--)
        {
            if (now > _members[i].Until)
            {
                _members[i].Face.Wipe();
                _members.RemoveAt(i);
            }
        }
    }

    /// <summary>The resemblance to whoever is nearest; -1 without members.</summary>
    public float Nearest(FaceTemplate face) => Two(face).Best;

    /// <summary>Somebody only when at least <paramref name="threshold"/> alike and by <paramref name="margin"/> more than the second.</summary>
    public FaceMatch Decide(FaceTemplate face, float threshold, float margin)
    {
        (int index, float best, float second) = Two(face);
        if (!(best >= threshold))
        {
            return new FaceMatch(FaceVerdict.Nobody, default, best);
        }
        return new FaceMatch(best - second >= margin ? FaceVerdict.Member : FaceVerdict.Ambiguous, _members[index].Member, best);
    }

    public void Wipe()
    {
        foreach (EnrolledMember member in _members)
        {
            member.Face.Wipe();
        }
        _members.Clear();
    }

    private (int Index, float Best, float Second) Two(FaceTemplate face)
    {
        int index = -1;
        float best = -1, second = -1;
        for (int i = 0; i < _members.Count; i++)
        {
            float score = _members[i].Face.Similarity(face);
            if (score > best)
            {
                (second, best, index) = (best, score, i);
            }
            else if (score > second)
            {
                second = score;
            }
        }
        return (index, best, second);
    }
}
