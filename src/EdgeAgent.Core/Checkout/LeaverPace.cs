using EdgeAgent.Core.Visits;

namespace EdgeAgent.Core.Checkout;

/// <summary>
/// Whether somebody who crossed a line goes on the way they went over it. Told by where they were found in the last pictures: the tracker's own
/// speed is smoothed and says for a while after a stop that they still walk.
/// </summary>
internal sealed class LeaverPace(Track who)
{
    // Looked back so far. Seconds.
    private const double LookBack = 0.4;
    private const double LeastLookBack = 0.15;

    // Half as fast as over the line is still walking.
    private const double SamePace = 0.5;

    // Not found for so long in what may be three pictures, a person is lost from sight. Seconds.
    private const double LostSeconds = 0.35;

    private readonly Queue<(DateTimeOffset At, Point Place)> _places = new();

    public Track Who => who;

    // Their speed when they were first seen beyond the line. Parts of the picture a second.
    private readonly Point _heading = who.Speed;

    /// <summary>Takes in where they are now.</summary>
    public void Look()
    {
        if (_places.Count == 0 || who.LastSeen > _latest)
        {
            _latest = who.LastSeen;
            _places.Enqueue((who.LastSeen, who.LastBox.Centre));
            while ((_latest - _places.Peek().At).TotalSeconds > LookBack + 0.01)
            {
                _places.Dequeue();
            }
        }
    }

    /// <summary>Goes on the same way, at half the pace at least, and has not been lost from sight but at the edge of the picture.</summary>
    public bool WalksOn(DateTimeOffset now)
    {
        double unseen = (now - who.LastSeen).TotalSeconds;
        Point ahead = who.FootAhead((float)unseen);
        if (unseen > LostSeconds && ahead.X is >= 0 and <= 1 && ahead.Y is >= 0 and <= 1)
        {
            return false;
        }
        Point speed = who.Speed;
        if (_places.Count > 1 && (_latest - _places.Peek().At).TotalSeconds is >= LeastLookBack and double seconds)
        {
            Point from = _places.Peek().Place;
            Point to = who.LastBox.Centre;
            speed = new Point((float)((to.X - from.X) / seconds), (float)((to.Y - from.Y) / seconds));
        }
        return (speed.X * _heading.X) + (speed.Y * _heading.Y) >= SamePace * ((_heading.X * _heading.X) + (_heading.Y * _heading.Y));
    }

    private DateTimeOffset _latest;
}
