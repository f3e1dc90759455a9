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

    /// <summary>Set once the person was seen often enough to count.</summary>
    public bool Confirmed { get; set; }

    /// <summary>Smoothed look; owned by this track until <see cref="HandOverAppearance"/>.</summary>
    public Appearance? Appearance { get; private set; } = seen.Appearance;

    /// <summary>On which side of each of the camera's lines the person was last seen clearly: -1 left, +1 right, 0 not yet known.</summary>
    public sbyte[] LineSides { get; set; } = [];

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

    /// <summary>Gives the look away; the receiver wipes it.</summary>
    public Appearance? HandOverAppearance()
    {
        Appearance? look = Appearance;
        Appearance = null;
        return look;
    }
}
