using EdgeAgent.Core;

namespace EdgeAgent.Simulators.Scenes;

/// <summary>
/// A person in one picture: the limbs of an outfit in a pose, in the order in which they are painted. The owner reuses it:
/// <see cref="Stand"/> replaces the pose.
/// </summary>
internal sealed class Figure
{
    private readonly Limb[] _limbs = new Limb[40];
    private int _count;
    private float _h;

    public float X { get; private set; }

    /// <summary>Where the figure stands; lower in the picture is nearer to the camera. Pixels.</summary>
    public float Ground { get; private set; }

    /// <param name="pose">Where, how tall in pixels, and in which phase of the step.</param>
    public void Stand(Outfit o, in Pose pose)
    {
        _count = 0;
        _h = pose.Height * o.Stature;
        X = pose.X;
        Ground = pose.Y;
        float side = pose.HeadingX < 0 ? -pose.HeadingX : pose.HeadingX;
        float wide = o.Build * (1 - (0.28f * side));
        float swing = pose.Walks ? Wave(pose.Step) : 0;
        float lift = pose.Walks ? Wave(pose.Step + 0.25f) : 0;
        bool away = pose.HeadingY < -0.35f && side < 0.9f;

        Arm(o, pose, -1, swing, wide, side);
        Leg(o, pose, -1, -swing, -lift, wide, side);
        Leg(o, pose, 1, swing, lift, wide, side);
        Torso(o, wide);
        if (away)
        {
            Arm(o, pose, 1, -swing, wide, side);
            Head(o, pose, side, away);
        }
        else
        {
            Head(o, pose, side, away);
            Arm(o, pose, 1, -swing, wide, side);
        }
    }

    public void Draw(in Canvas canvas)
    {
        foreach (ref readonly Limb limb in Limbs)
        {
            canvas.Limb(limb, X, _h);
        }
    }

    public void DrawShadow(in Canvas canvas) => canvas.Shadow(X + (0.05f * _h), Ground, 0.22f * _h, 0.055f * _h, 0.42f);

    /// <summary>Smallest rectangle around what a picture of this size shows of the figure, in pixels; empty when it shows nothing. The shadow is not the figure.</summary>
    public Box Extent(int width, int height)
    {
        float left = width;
        float top = height;
        float right = 0;
        float bottom = 0;
        foreach (ref readonly Limb limb in Limbs)
        {
            if (limb.Right > 0 && limb.Left < width && limb.Bottom > 0 && limb.Top < height)
            {
                left = MathF.Min(left, MathF.Max(limb.Left, 0));
                top = MathF.Min(top, MathF.Max(limb.Top, 0));
                right = MathF.Max(right, MathF.Min(limb.Right, width));
                bottom = MathF.Max(bottom, MathF.Min(limb.Bottom, height));
            }
        }
        return right > left && bottom > top ? new Box(left, top, right - left, bottom - top) : default;
    }

    /// <summary>Whether the figure covers this place. Pixels.</summary>
    public bool Covers(float x, float y)
    {
        foreach (ref readonly Limb limb in Limbs)
        {
            if (limb.Depth(x, y) > 0)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>A smooth wave from parabolas, -1..1 with period 1: a sine that is the same on every machine.</summary>
    public static float Wave(float turns)
    {
        float t = turns - MathF.Floor(turns);
        return t < 0.5f ? 16 * t * (0.5f - t) : -16 * (t - 0.5f) * (1 - t);
    }

    private ReadOnlySpan<Limb> Limbs => _limbs.AsSpan(0, _count);

    private void Leg(Outfit o, in Pose pose, int which, float swing, float lift, float wide, float side)
    {
        float hipX = which * 0.05f * wide * (1 - (0.7f * side));
        float raise = lift > 0 ? lift * 0.055f : 0;
        float footX = hipX + (pose.HeadingX * swing * 0.16f);
        float footY = 0.035f + raise - (pose.HeadingY * swing * 0.025f);
        float kneeX = ((hipX + footX) / 2) + (pose.HeadingX * (0.015f + (raise * 0.9f)));
        float kneeY = 0.27f + (raise * 0.5f);
        Paint cloth = which < 0 ? o.Legs.Lit(0.86f) : o.Legs;
        Paint shin = o.Skirt ? o.Skin : cloth;
        Add(hipX, 0.5f, 0.062f * wide, kneeX, kneeY, 0.047f * wide, cloth);
        Add(kneeX, kneeY, 0.046f * wide, footX, footY + 0.03f, 0.033f * wide, shin);
        Add(footX, footY, 0.03f, footX + (pose.HeadingX * 0.06f), footY - (pose.HeadingY > 0 ? 0.008f : 0), 0.024f, o.Shoes);
    }

    private void Torso(Outfit o, float wide)
    {
        float shoulder = 0.085f * wide;
        float hip = 0.06f * wide;
        if (o.Skirt)
        {
            Add(-hip * 0.6f, 0.5f, 0.07f * wide, -hip * 1.1f, 0.32f, 0.06f * wide, o.Legs);
            Add(hip * 0.6f, 0.5f, 0.07f * wide, hip * 1.1f, 0.32f, 0.06f * wide, o.Legs);
            Add(0, 0.5f, 0.08f * wide, 0, 0.32f, 0.08f * wide, o.Legs);
        }
        Add(-hip, 0.505f, 0.052f * wide, hip, 0.505f, 0.052f * wide, o.Legs);
        Add(-shoulder, 0.785f, 0.052f * wide, -hip, 0.54f, 0.047f * wide, o.Top);
        Add(shoulder, 0.785f, 0.052f * wide, hip, 0.54f, 0.047f * wide, o.Top);
        Add(0, 0.79f, 0.062f * wide, 0, 0.55f, 0.06f * wide, o.Top);
        if (o.Band is { } band)
        {
            Add(-shoulder * 1.1f, 0.69f, 0.03f, shoulder * 1.1f, 0.69f, 0.03f, band);
        }
    }

    private void Arm(Outfit o, in Pose pose, int which, float swing, float wide, float side)
    {
        float shoulderX = which * 0.115f * wide * (1 - (0.55f * side));
        float handX = shoulderX + (which * 0.03f * (1 - side)) + (pose.HeadingX * swing * 0.15f);
        float handY = 0.46f + (swing > 0 ? swing * 0.04f : 0);
        float elbowX = ((shoulderX + handX) / 2) + (which * 0.018f * (1 - side)) - (pose.HeadingX * 0.015f);
        float elbowY = 0.63f;
        if (pose.Reaches && which > 0)
        {
            // Towards a shelf: the near arm goes up in front of the figure.
            handX = shoulderX + 0.12f;
            handY = 0.86f;
            elbowX = shoulderX + 0.09f;
            elbowY = 0.72f;
        }
        Paint sleeve = which < 0 ? o.Top.Lit(0.8f) : o.Top.Lit(0.92f);
        Add(shoulderX, 0.79f, 0.04f * wide, elbowX, elbowY, 0.034f * wide, sleeve);
        Add(elbowX, elbowY, 0.031f * wide, handX, handY, 0.026f, o.ShortSleeves ? o.Skin : sleeve);
        Add(handX, handY, 0.027f, handX, handY - 0.012f, 0.024f, o.Skin);
        if (which < 0 && o.Bag is { } bag)
        {
            Add(handX - 0.045f, handY - 0.12f, 0.05f, handX + 0.045f, handY - 0.12f, 0.05f, bag);
            Add(handX - 0.045f, handY - 0.17f, 0.05f, handX + 0.045f, handY - 0.17f, 0.05f, bag.Lit(0.93f));
        }
    }

    private void Head(Outfit o, in Pose pose, float side, bool away)
    {
        float turn = pose.HeadingX * 0.02f;
        if (o.LongHair)
        {
            Add(-0.035f - turn, 0.93f, 0.035f, -0.045f - turn, 0.82f, 0.025f, o.Hair);
            Add(0.035f - turn, 0.93f, 0.035f, 0.045f - turn, 0.82f, 0.025f, o.Hair);
        }
        Add(0, 0.87f, 0.028f, 0, 0.83f, 0.034f, o.Skin.Lit(0.85f));
        Add(turn * 0.3f, 0.942f, 0.05f, turn * 0.5f, 0.905f, 0.044f, o.Skin);
        Add(-0.022f - turn, 0.965f, 0.036f, 0.022f - turn, 0.965f, 0.036f, o.Hair);
        if (away)
        {
            Add(0, 0.95f, 0.053f, 0, o.LongHair ? 0.85f : 0.915f, 0.046f, o.Hair);
            return;
        }
        if (side > 0.3f)
        {
            Add(-turn * 2f, 0.945f, 0.036f, -turn * 1.9f, 0.92f, 0.024f, o.Hair);
        }
        float eyes = turn * 1.1f;
        Add(eyes - (0.018f * (1 - side)), 0.925f, 0.006f, eyes - (0.018f * (1 - side)), 0.922f, 0.006f, Paint.Rgb(0x201818));
        Add(eyes + (0.018f * (1 - side)), 0.925f, 0.006f, eyes + (0.018f * (1 - side)), 0.922f, 0.006f, Paint.Rgb(0x201818));
    }

    /// <summary>Adds a limb given in parts of the figure's height, y upwards from the ground.</summary>
    private void Add(float ax, float ay, float ar, float bx, float by, float br, Paint paint) =>
        _limbs[_count++] = new Limb(X + (ax * _h), Ground - (ay * _h), ar * _h, X + (bx * _h), Ground - (by * _h), br * _h, paint);
}

/// <summary>How a figure stands in one picture.</summary>
/// <param name="Height">Height of an average person at this place, pixels.</param>
/// <param name="HeadingX">Direction of the body as a unit vector in the picture: 1 is right.</param>
/// <param name="HeadingY">1 is towards the camera, -1 away from it.</param>
/// <param name="Step">Phase of the step in turns.</param>
internal readonly record struct Pose(float X, float Y, float Height, float HeadingX, float HeadingY, float Step, bool Walks, bool Reaches);
