using EdgeAgent.Core;

namespace EdgeAgent.Vision.Faces;

/// <summary>Why a face is not good enough to be compared. In the order in which it is looked for.</summary>
internal enum FaceFault { None, CutOff, TooSmall, TurnedAway, Blurred }

/// <summary>How good one picture of a face is. From the box and the five points; sharpness from the crop that is compared.</summary>
/// <param name="SizePx">The shorter side of the box in pixels of the picture.</param>
/// <param name="Turn">Sideways place of the nose between the eyes in eye distances: 0 looks ahead, ±0.5 has one eye over the nose.</param>
/// <param name="Nod">How far down from eyes to mouth the nose lies, 0..1: about 0.55 looks ahead, less looks up, more looks down.</param>
/// <param name="Sharpness">Energy of the second derivative over the variance of brightness, at a face size of 64 px; NaN before the crop was looked at.</param>
/// <param name="Inside">Box and points lie within the picture.</param>
internal readonly record struct FaceQuality(float SizePx, float Turn, float Nod, float Sharpness, bool Inside)
{
    // Chosen by eye on the head-pose clips: beyond these one half of the face is hidden. Not measured against recognition.
    public const float MostTurn = 0.35f;
    public const float LeastNod = 0.25f;
    public const float MostNod = 0.85f;

    // Five pictures of the fixtures, blurred on purpose: near this sharpness their vectors resemble the sharp ones by 0.89 to 0.94, whatever
    // the size of the face; at half of it by 0.63 to 0.86 (decision 0017).
    public const float LeastSharpness = 0.002f;

    // A template is kept for years: 0.94 and more.
    public const float LeastSharpnessToEnrol = 0.004f;

    /// <summary>Everything but sharpness, which needs the crop.</summary>
    public static FaceQuality Of(in FaceSeen face, int frameWidth, int frameHeight)
    {
        FacePoints points = face.Points;
        (float rightX, float rightY) = (points.RightEye.X * frameWidth, points.RightEye.Y * frameHeight);
        (float leftX, float leftY) = (points.LeftEye.X * frameWidth, points.LeftEye.Y * frameHeight);
        (float mouthX, float mouthY) = (
            (points.RightMouth.X + points.LeftMouth.X) / 2 * frameWidth, (points.RightMouth.Y + points.LeftMouth.Y) / 2 * frameHeight);
        (float eyesX, float eyesY) = ((rightX + leftX) / 2, (rightY + leftY) / 2);
        (float noseX, float noseY) = ((points.Nose.X * frameWidth) - eyesX, (points.Nose.Y * frameHeight) - eyesY);
        // The line from between the eyes to the mouth is the face's own upright: a tilted head is not a turned one.
        (float downX, float downY) = (mouthX - eyesX, mouthY - eyesY);
        float down = MathF.Sqrt((downX * downX) + (downY * downY));
        float eyes = MathF.Sqrt(((leftX - rightX) * (leftX - rightX)) + ((leftY - rightY) * (leftY - rightY)));
        float least = MathF.Max(1, MathF.Min(face.Box.Width * frameWidth, face.Box.Height * frameHeight));
        // A profile has its eyes in one place; the distance is then no measure and any turn is too much.
        float turn = eyes < least / 8 || down < least / 8 ? 1 : ((noseX * downY) - (noseY * downX)) / down / eyes;
        float nod = down < least / 8 ? 0 : ((noseX * downX) + (noseY * downY)) / (down * down);
        return new FaceQuality(least, turn, nod, float.NaN, IsInside(face.Box, points));
    }

    /// <param name="minSizePx">Smallest face that is compared.</param>
    public FaceFault FaultOf(float minSizePx, float leastSharpness = LeastSharpness) => this switch
    {
        { Inside: false } => FaceFault.CutOff,
        _ when SizePx < minSizePx => FaceFault.TooSmall,
        { Turn: < -MostTurn or > MostTurn } or { Nod: < LeastNod or > MostNod } => FaceFault.TurnedAway,
        _ when Sharpness < leastSharpness => FaceFault.Blurred,
        _ => FaceFault.None,
    };

    /// <summary>To choose between shots of one person, higher is better: large, straight and sharp.</summary>
    public float Worth => MathF.Min(SizePx / 112, 1) * (1 - (MathF.Abs(Turn) / (2 * MostTurn))) * MathF.Min(Sharpness / (5 * LeastSharpness), 1);

    /// <summary>Of one plane of an upright face crop of 128 px; neighbours 2 px away, so that faces of 64 px and of 500 px are judged alike.</summary>
    public static float SharpnessOf(ReadOnlySpan<float> plane, int width, int height)
    {
        const int Step = 2;
        // The rim of the crop shows background.
        int margin = width / 8;
        double sum = 0, squares = 0, energy = 0;
        int count = 0;
        for (int y = margin; y < height - margin; y++)
        {
            for (int x = margin; x < width - margin; x++)
            {
                int at = (y * width) + x;
                float value = plane[at];
                float second = plane[at - Step] + plane[at + Step] + plane[at - (Step * width)] + plane[at + (Step * width)] - (4 * value);
                sum += value;
                squares += value * value;
                energy += second * second;
                count++;
            }
        }
        double variance = (squares / count) - (sum / count * (sum / count));
        return variance > 1 ? (float)(energy / count / variance / 16) : 0;
    }

    private static bool IsInside(in Box box, in FacePoints points)
    {
        const float Rim = 0.002f;
        return box.X > Rim && box.Y > Rim && box.Right < 1 - Rim && box.Bottom < 1 - Rim
            && In(points.RightEye) && In(points.LeftEye) && In(points.Nose) && In(points.RightMouth) && In(points.LeftMouth);
    }

    private static bool In(Point p) => p.X is > 0 and < 1 && p.Y is > 0 and < 1;
}
