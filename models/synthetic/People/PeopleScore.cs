using System.Globalization;
using EdgeAgent.Core;
using EdgeAgent.Simulators.Scenes;

namespace EdgeAgent.SyntheticModels.People;

/// <summary>
/// Counts what a detector found and missed. A figure counts when at least half of what is inside the picture is unhidden and its box is at
/// least <see cref="LeastSidePx"/> wide and high; others may be found or not.
/// </summary>
internal sealed class PeopleScore
{
    /// <summary>Pixels of the 640 × 360 frame.</summary>
    public const float LeastSidePx = 20;

    private const float LeastShare = 0.5f;
    private readonly List<float> _overlaps = [];
    private readonly List<float> _footErrorsPx = [];
    private int _cutFound;
    private int _cut;
    private int _wanted;
    private int _false;

    public float Recall => (float)_overlaps.Count / _wanted;

    public float Precision => (float)_overlaps.Count / (_overlaps.Count + _false);

    /// <summary>Of figures that touch an edge of the picture.</summary>
    public float CutRecall => (float)_cutFound / _cut;

    public void Add(IReadOnlyList<SeenFigure> seen, IReadOnlyList<Found> found)
    {
        bool[] used = new bool[found.Count];
        foreach (SeenFigure figure in seen.OrderByDescending(figure => figure.VisibleShare))
        {
            Box box = PeoplePicture.Scaled(figure.Box);
            int best = -1;
            float overlap = 0;
            for (int i = 0; i < found.Count; i++)
            {
                float o = found[i].Box.Overlap(box);
                if (!used[i] && o > overlap)
                {
                    (best, overlap) = (i, o);
                }
            }
            bool counts = figure.VisibleShare >= LeastShare && box.Width * 2 >= LeastSidePx && box.Height * 2 >= LeastSidePx;
            bool hit = overlap >= 0.5f;
            if (hit || (!counts && overlap > 0.1f))
            {
                used[best] = true;
            }
            if (counts)
            {
                bool cut = figure.Box.X <= 0 || figure.Box.Y <= 0 || figure.Box.Right >= 1 || figure.Box.Bottom >= 1;
                _wanted++;
                _cut += cut ? 1 : 0;
                _cutFound += cut && hit ? 1 : 0;
                if (hit)
                {
                    _overlaps.Add(overlap);
                    _footErrorsPx.Add(2 * MathF.Max(
                        MathF.Abs(found[best].Box.Foot.X - box.Foot.X), MathF.Abs(found[best].Box.Foot.Y - box.Foot.Y)));
                }
            }
        }
        _false += used.Count(taken => !taken);
    }

    public string Line(string what)
    {
        _overlaps.Sort();
        _footErrorsPx.Sort();
        return string.Create(CultureInfo.InvariantCulture,
            $"{what}: {_wanted} figures, recall {Recall:F3} (cut by an edge {CutRecall:F3} of {_cut}), precision {Precision:F3}, " +
            $"overlap mean {_overlaps.Average():F3} lowest tenth {_overlaps[_overlaps.Count / 10]:F3}, " +
            $"foot point off by {_footErrorsPx[_footErrorsPx.Count / 2]:F1} px median, {_footErrorsPx[_footErrorsPx.Count * 95 / 100]:F1} px at 95 %");
    }
}
