namespace EdgeAgent.Core.Visits;

/// <summary>How well a detection fits the track of a person: by overlap with where they should be, by where they stand, and by look.</summary>
internal static class PairScore
{
    // A pair must overlap, or its feet stand closer than this part of the person's height, and further for each second unseen: a walk is about
    // one height a second at the most.
    private const float MinOverlap = 0.1f;
    private const float ReachPerHeight = 0.6f;
    private const float ReachPerSecond = 0.5f;

    // Fractions of the picture are shorter across than upright by about this (between 9/16 and 3/4).
    private const float Across = 0.65f;

    // Looks of one person, half a second apart, are alike by 0.5 to 0.9 (median 0.87) and of two people by 0.1 to 0.5 (median 0.32): measured
    // with person-reid-0288 on the two corridor clips and the store aisle. At the middle a look says nothing.
    private const float LookMiddle = 0.5f;
    private const float LookWeight = 0.8f;
    private const float OtherLook = 0.25f;

    // What a box of half or twice the height costs is two thirds of this: people do not grow from picture to picture, but their feet get hidden.
    private const float SizeWeight = 0.3f;

    // Whoever was hidden for this long, in seconds, while they walked at least so fast (heights a second), must be found further along their way, or
    // look like themselves: nobody turns round on the spot unseen, but somebody else often comes out where one went in.
    private const float Hidden = 0.25f;
    private const float SameLook = 0.6f;
    private const float Walking = 0.35f;
    private const float Steady = 0.15f;
    private const float AlongWay = 0.25f;

    // Whoever has stood on one spot since they were first seen, for this many seconds, is a mannequin as likely as not. They may walk off, but a box
    // that begins elsewhere is somebody else who passes in front: the boxes must overlap by this, or the feet be so near, in heights.
    private const double Rooted = 3;
    private const float RootedOverlap = 0.4f;
    private const float RootedReach = 0.3f;

    // A walk that was broken in two goes on this near to where it led, in heights.
    private const float ContinuedReach = 0.4f;

    // Who already counts goes before a candidate that does not yet.
    private const float Known = 0.1f;

    /// <summary>Above zero when the pair is possible; 1.5 for a perfect one.</summary>
    public static float Of(Track track, in Box predicted, in PersonSeen seen, DateTimeOffset at)
    {
        Box box = seen.Box;
        float bottom = MathF.Min(predicted.Bottom, 1);
        Box expected = bottom > predicted.Y ? predicted with { Height = bottom - predicted.Y } : predicted;
        float overlap = expected.Overlap(box);
        float height = MathF.Max(MathF.Max(expected.Height, box.Height), 1e-6f);
        float away = Distance(expected, box, height);
        float unseen = (float)(at - track.LastSeen).TotalSeconds;
        float reach = ReachPerHeight + (ReachPerSecond * MathF.Min(unseen, 1));
        if (overlap < MinOverlap && away > reach)
        {
            return 0;
        }
        if (overlap < RootedOverlap && away > RootedReach && !track.HasWalked && (track.LastSeen - track.FirstSeen).TotalSeconds >= Rooted)
        {
            return 0;
        }
        bool hidden = unseen >= Hidden && track.Confirmed;
        bool turned = hidden && TurnedBack(track, box, unseen);
        float score = (0.5f * overlap) + (0.5f * MathF.Max(0, 1 - (away / reach))) + (track.Confirmed ? Known : 0);
        score -= SizeWeight * MathF.Abs(MathF.Log(MathF.Max(box.Height, 1e-6f) / MathF.Max(expected.Height, 1e-6f)));
        if (track.Appearance is Appearance a && seen.Appearance is Appearance b)
        {
            float look = a.Similarity(b);
            if ((turned && look < SameLook) || (hidden && look < LookMiddle && away > Steady) || (look < OtherLook && overlap < 0.3f))
            {
                return 0;
            }
            score += LookWeight * (look - LookMiddle);
        }
        else if (turned)
        {
            return 0;
        }
        return MathF.Max(score, 0.01f);
    }

    /// <summary>Whether the place lies short of where a walk leads: by the way made along it since the last picture with the person.</summary>
    public static bool TurnedBack(Track track, in Box box, float unseen)
    {
        float height = MathF.Max(track.Height, 1e-6f);
        Point speed = track.Speed;
        float vx = speed.X / (Across * height);
        float vy = speed.Y / height;
        float fast = MathF.Sqrt((vx * vx) + (vy * vy));
        if (fast < Walking)
        {
            return false;
        }
        float dx = (box.Foot.X - track.Foot.X) / (Across * height);
        float dy = (box.Foot.Y - track.Foot.Y) / height;
        return ((dx * vx) + (dy * vy)) / fast < AlongWay * fast * MathF.Min(unseen, 1);
    }

    /// <summary>How much two walks differ, in heights a second.</summary>
    public static float SpeedApart(Track one, Track other)
    {
        float height = MathF.Max(MathF.Max(one.Height, other.Height), 1e-6f);
        float dx = (one.Speed.X - other.Speed.X) / (Across * height);
        float dy = (one.Speed.Y - other.Speed.Y) / height;
        return MathF.Sqrt((dx * dx) + (dy * dy));
    }

    /// <summary>Whether a track that began when another ended began where that one led, and has gone the same way since.</summary>
    public static bool Continues(Track ended, Track begun, float seconds)
    {
        float height = MathF.Max(MathF.Max(ended.Height, begun.Height), 1e-6f);
        Point from = ended.FootAhead(seconds);
        float dx = (begun.FirstBox.Foot.X - from.X) / (Across * height);
        float dy = (begun.FirstBox.Bottom - from.Y) / height;
        float goneX = (begun.Foot.X - begun.FirstBox.Foot.X) / (Across * height);
        float goneY = (begun.Foot.Y - begun.FirstBox.Bottom) / height;
        bool sameWay = (goneX * ended.Speed.X / (Across * height)) + (goneY * ended.Speed.Y / height) > 0;
        return sameWay && MathF.Sqrt((dx * dx) + (dy * dy)) <= ContinuedReach;
    }

    /// <summary>Without looks: for detections too faint to be described. They go on with a track where it should be and nowhere else.</summary>
    public static float Faint(in Box predicted, in Box seen)
    {
        float overlap = predicted.Overlap(seen);
        return overlap >= 0.35f ? overlap : 0;
    }

    /// <summary>Between the places where the two stand, in heights. A shorter box may have its feet hidden: then its head decides, if it fits better.</summary>
    public static float Distance(in Box expected, in Box seen, float height)
    {
        float dx = (expected.Foot.X - seen.Foot.X) / (Across * height);
        float dy = MathF.Abs(expected.Bottom - seen.Bottom) / height;
        if (seen.Height < expected.Height)
        {
            dy = MathF.Min(dy, MathF.Abs(expected.Y - seen.Y) / height);
        }
        return MathF.Sqrt((dx * dx) + (dy * dy));
    }
}
