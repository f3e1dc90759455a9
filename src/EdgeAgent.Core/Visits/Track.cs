namespace EdgeAgent.Core.Visits;

/// <summary>
/// One person as one camera follows them, from the first picture to the last. Where they stand is filtered: a box whose lower part is hidden
/// or cut off by the picture's edge, or that swallowed something behind the person, moves the foot point little.
/// </summary>
internal sealed class Track
{
    // How fast an older estimate gives way to a new measurement; a person changes speed within about half a second at 10 pictures a second.
    private const float VelocityGain = 0.35f;
    private const float AppearanceGain = 0.1f;
    private const float SizeGain = 0.2f;

    // Errors as parts of the person's height: of a detector's box, of its guess when the feet are hidden, and how much a walk changes its
    // speed in a second (a person of 1.7 m starts or stops within a second at about 1.7 m/s).
    private const float BoxError = 0.04f;
    private const float HiddenError = 0.12f;
    private const float Acceleration = 1f;

    // Fractions of the picture are shorter across than upright by about this (between 9/16 and 3/4).
    private const float Across = 0.65f;

    // A box that lost or gained this part of its height from one picture to the next hides feet or holds more than the person.
    private const float Shrunk = 0.8f;
    private const float Grown = 1.25f;

    // ... while its top (or bottom) stayed within this part of the height.
    private const float Steady = 0.15f;

    // A box this far from where the person should be, in heights, is doubted the more the further it is: detectors stumble for a picture or two.
    private const float Leap = 0.1f;
    private const float Doubt = 0.6f;

    // Further from the first picture's place than this, in heights, nobody wavers.
    private const float Walked = 0.35f;

    // Whoever is seen like that for this long, in seconds, is taken as they look.
    private const double LongestOdd = 2;

    // A box that ends this near the lower edge is cut off by it. Fraction of the picture.
    private const float LowerEdge = 0.985f;

    private const double EarlierSeconds = 0.5;

    // Beyond it a guess where they walk to is worse than standing still. Seconds.
    private const float LongestGuess = 1;

    private AxisFilter _x;
    private AxisFilter _y;
    private float _width;
    private float _height;
    private DateTimeOffset? _oddSince;
    private Point _velocity;
    private Box _between;
    private DateTimeOffset _betweenAt;

    public Track(int number, in PersonSeen seen, DateTimeOffset at)
    {
        Number = number;
        FirstSeen = LastSeen = at;
        FirstBox = LastBox = EarlierBox = _between = seen.Box;
        _betweenAt = at;
        Appearance = seen.Appearance;
        (_width, _height) = (seen.Box.Width, seen.Box.Height);
        Point foot = seen.Box.Foot;
        _x = new AxisFilter(foot.X, BoxError * _height * Across, _height * Across);
        _y = new AxisFilter(foot.Y, BoxError * _height, _height);
    }

    public int Number { get; }

    public DateTimeOffset FirstSeen { get; }
    public Box FirstBox { get; }

    public DateTimeOffset LastSeen { get; private set; }
    public Box LastBox { get; private set; }

    /// <summary>Where the person stands, smoothed; may lie below the picture when its edge cuts them off.</summary>
    public Point Foot => new(_x.Place, _y.Place);

    /// <summary>Fractions of the picture a second.</summary>
    public Point Speed => new(_x.Speed, _y.Speed);

    /// <summary>Where the person would stand after walking on for this long, but no further than the longest guess.</summary>
    public Point FootAhead(float seconds)
    {
        seconds = MathF.Min(seconds, LongestGuess);
        return new Point(_x.Ahead(seconds), _y.Ahead(seconds));
    }

    /// <summary>The height of the whole person as far as it was ever seen. Fraction of the picture.</summary>
    public float Height => _height;

    /// <summary>Pictures in which the person was found.</summary>
    public int Hits { get; private set; } = 1;

    /// <summary>Pictures in which the person was not found while they did not count yet.</summary>
    public int Misses { get; private set; }

    /// <summary>Pictures since the person was last found: without any, nobody has looked.</summary>
    public int Absences { get; private set; }

    /// <summary>Ended because the camera gave no pictures for too long: what the person did then is not known.</summary>
    public bool Unwatched { get; set; }

    /// <summary>They came by it, but it is not certain yet that they came in.</summary>
    public Config.DoorConfig? Door { get; set; }

    /// <summary>Where the box was half a second to a second before the last picture with the person; the first box until then.</summary>
    public Box EarlierBox { get; private set; }

    /// <summary>In the last picture with the person another track was seen on the same spot, walking the same way: where this one ends, nobody vanished.</summary>
    public bool IsDouble { get; set; }

    /// <summary>Was in view when the camera began to look: nobody saw them come in.</summary>
    public bool FromStart { get; set; }

    /// <summary>Was somewhere else before: a mannequin or a sign that is taken for a person never walks.</summary>
    public bool HasWalked { get; private set; }

    /// <summary>Known to work here.</summary>
    public bool Staff { get; set; }

    /// <summary>How the person stands to each of the camera's zones.</summary>
    public ZoneState[] Zones { get; set; } = [];

    /// <summary>How fast they walk, in their own heights.</summary>
    public float HeightsPerSecond
    {
        get
        {
            float height = MathF.Max(_height, 1e-6f);
            float across = _x.Speed / (Across * height);
            float upright = _y.Speed / height;
            return MathF.Sqrt((across * across) + (upright * upright));
        }
    }

    /// <summary>Set once the person was seen often enough to count.</summary>
    public bool Confirmed { get; set; }

    /// <summary>Smoothed look; owned by this track until <see cref="HandOverAppearance"/>.</summary>
    public Appearance? Appearance { get; private set; }

    /// <summary>How the person stands to each of the camera's lines.</summary>
    public LineWatch[] Lines { get; set; } = [];

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

    /// <summary>Where the last box would be after <paramref name="ahead"/> more of the same walk, also outside the picture.</summary>
    public Box Ahead(TimeSpan ahead)
    {
        float seconds = (float)ahead.TotalSeconds;
        return LastBox with { X = LastBox.X + (_velocity.X * seconds), Y = LastBox.Y + (_velocity.Y * seconds) };
    }

    /// <summary>Where the whole person should be at <paramref name="at"/> if they keep walking. Fractions of the picture.</summary>
    public Box Predict(DateTimeOffset at)
    {
        Point foot = FootAhead((float)(at - LastSeen).TotalSeconds);
        return new Box(foot.X - (_width / 2), foot.Y - _height, _width, _height);
    }

    /// <param name="crowded">Another person covers part of this box: its look is not learnt.</param>
    public void See(in PersonSeen seen, DateTimeOffset at, bool crowded)
    {
        float seconds = (float)(at - LastSeen).TotalSeconds;
        if (seconds > 0)
        {
            Point from = LastBox.Centre;
            Point to = seen.Box.Centre;
            _velocity = new Point(
                _velocity.X + (VelocityGain * (((to.X - from.X) / seconds) - _velocity.X)),
                _velocity.Y + (VelocityGain * (((to.Y - from.Y) / seconds) - _velocity.Y)));
            _x.Advance(seconds, Acceleration * _height * Across);
            _y.Advance(seconds, Acceleration * _height);
        }
        Measure(seen.Box, at);
        LastBox = seen.Box;
        LastSeen = at;
        if ((at - _betweenAt).TotalSeconds >= EarlierSeconds)
        {
            (EarlierBox, _between, _betweenAt) = (_between, seen.Box, at);
        }
        Absences = 0;
        Hits += seen.Faint ? 0 : 1;
        if (seen.Appearance is Appearance look)
        {
            if (Appearance is null)
            {
                Appearance = look;
                return;
            }
            if (!crowded)
            {
                Appearance.Blend(look, AppearanceGain);
            }
            look.Wipe();
        }
    }

    private void Measure(in Box box, DateTimeOffset at)
    {
        float foot = box.Bottom;
        float error = BoxError * _height;
        bool learn = true;
        bool odd = false;
        if (box.Bottom >= LowerEdge)
        {
            learn = box.Height > _height;
            foot = MathF.Max(box.Bottom, box.Y + _height);
            error = learn ? error : HiddenError * _height;
        }
        else if (box.Height < Shrunk * _height && MathF.Abs(box.Y - (_y.Place - _height)) < Steady * _height)
        {
            odd = true;
            foot = box.Y + _height;
            error = HiddenError * _height;
        }
        else if (box.Height > Grown * _height)
        {
            odd = MathF.Abs(box.Bottom - _y.Place) < Steady * _height;
            error = odd ? error : HiddenError * _height;
        }
        if (odd && (at - (_oddSince ?? at)).TotalSeconds >= LongestOdd)
        {
            (odd, foot, error) = (false, box.Bottom, HiddenError * _height);
        }
        learn &= !odd;
        _oddSince = odd ? _oddSince ?? at : null;
        float surpriseX = MathF.Abs(box.Foot.X - _x.Place);
        float surpriseY = MathF.Abs(foot - _y.Place);
        _x.Measure(box.Foot.X, MathF.Max(BoxError * Across * _height, Doubt * (surpriseX - (Leap * Across * _height))));
        _y.Measure(foot, MathF.Max(error, Doubt * (surpriseY - (Leap * _height))));
        if (learn)
        {
            // Cut off by the lower edge, what is seen is the least they can be.
            _height = box.Bottom >= LowerEdge ? box.Height : _height + (SizeGain * (box.Height - _height));
        }
        _width += SizeGain * (box.Width - _width);
        if (!HasWalked)
        {
            float dx = (_x.Place - FirstBox.Foot.X) / Across;
            float dy = _y.Place - FirstBox.Bottom;
            HasWalked = MathF.Sqrt((dx * dx) + (dy * dy)) > Walked * _height;
        }
    }

    /// <summary>Goes on as <paramref name="younger"/>, which turned out to be the same person found again after being hidden.</summary>
    public void Continue(Track younger)
    {
        (_x, _y, _width, _height, _velocity, _oddSince) = (younger._x, younger._y, younger._width, MathF.Max(younger._height, Shrunk * _height), younger._velocity, null);
        (EarlierBox, _between, _betweenAt) = (younger.EarlierBox, younger._between, younger._betweenAt);
        LastBox = younger.LastBox;
        LastSeen = younger.LastSeen;
        Absences = 0;
        Hits += younger.Hits;
        if (younger.HandOverAppearance() is Appearance look)
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
