namespace EdgeAgent.Core.Visits;

/// <summary>One person as one camera follows them, from the first picture to the last.</summary>
internal sealed class Track(int number, PersonSeen seen, DateTimeOffset at)
{
    // How fast an older estimate gives way to a new measurement; a person changes speed within about half a second at 10 pictures a second.
    private const float VelocityGain = 0.35f;
    private const float AppearanceGain = 0.1f;

    private Point _velocity;

    public int Number { get; } = number;

    public DateTimeOffset FirstSeen { get; } = at;
    public Box FirstBox { get; } = seen.Box;

    public DateTimeOffset LastSeen { get; private set; } = at;
    public Box LastBox { get; private set; } = seen.Box;

    /// <summary>Pictures in which the person was found.</summary>
    public int Hits { get; private set; } = 1;

    /// <summary>Pictures in which the person was not found while they did not count yet.</summary>
    public int Misses { get; private set; }

    /// <summary>Pictures since the person was last found: without any, nobody has looked.</summary>
    public int Absences { get; private set; }

    /// <summary>Ended because the camera gave no pictures for too long: what the person did then is not known.</summary>
    public bool Unwatched { get; set; }

    /// <summary>Set once the person was seen often enough to count.</summary>
    public bool Confirmed { get; set; }

    /// <summary>Smoothed look; owned by this track until <see cref="HandOverAppearance"/>.</summary>
    public Appearance? Appearance { get; private set; } = seen.Appearance;

    /// <summary>Where the person was last seen clearly beside each of the camera's lines.</summary>
    public LinePlace[] LinePlaces { get; set; } = [];

    /// <summary>Where the box would have been at <paramref name="before"/> the first picture, had the person walked as since then.</summary>
    public Box Origin(TimeSpan before)
    {
        float seconds = (float)(LastSeen - FirstSeen).TotalSeconds;
        if (seconds <= 0)
        {
            return FirstBox;
        }
        float part = (float)before.TotalSeconds / seconds;
        Point from = FirstBox.Centre;
        Point to = LastBox.Centre;
        return FirstBox with { X = FirstBox.X - (part * (to.X - from.X)), Y = FirstBox.Y - (part * (to.Y - from.Y)) };
    }

    /// <summary>Where the box should be at <paramref name="at"/> if the person keeps walking. Fractions of the picture.</summary>
    public Box Predict(DateTimeOffset at)
    {
        // Beyond a second the guess is worse than standing still.
        float seconds = MathF.Min((float)(at - LastSeen).TotalSeconds, 1);
        return LastBox with { X = LastBox.X + (_velocity.X * seconds), Y = LastBox.Y + (_velocity.Y * seconds) };
    }

    public void See(in PersonSeen seen, DateTimeOffset at)
    {
        float seconds = (float)(at - LastSeen).TotalSeconds;
        if (seconds > 0)
        {
            Point from = LastBox.Centre;
            Point to = seen.Box.Centre;
            _velocity = new Point(
                _velocity.X + (VelocityGain * (((to.X - from.X) / seconds) - _velocity.X)),
                _velocity.Y + (VelocityGain * (((to.Y - from.Y) / seconds) - _velocity.Y)));
        }
        LastBox = seen.Box;
        LastSeen = at;
        Absences = 0;
        Hits++;
        if (seen.Appearance is Appearance look)
        {
            if (Appearance is null)
            {
                Appearance = look;
            }
            else
            {
                Appearance.Blend(look, AppearanceGain);
                look.Wipe();
            }
        }
    }

    /// <summary>A picture without the person.</summary>
    public void Miss()
    {
        Absences++;
        if (!Confirmed)
        {
            Misses++;
        }
    }

    /// <summary>Gives the look away; the receiver wipes it.</summary>
    public Appearance? HandOverAppearance()
    {
        Appearance? look = Appearance;
        Appearance = null;
        return look;
    }
}

/// <summary>A place relative to a line.</summary>
/// <param name="Side">Distance from the line in fractions of the picture: negative on its left hand, positive on its right, 0 not yet known.</param>
/// <param name="Along">0 at the line's start, 1 at its end.</param>
internal readonly record struct LinePlace(float Side, float Along);
