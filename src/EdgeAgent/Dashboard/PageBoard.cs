using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Today;

namespace EdgeAgent.Dashboard;

/// <summary>What the page knows of the shop. The shop loop tells it everything, the page's requests look at it; each for microseconds.</summary>
/// <param name="zone">When the shop's day begins.</param>
internal sealed class PageBoard(TimeZoneInfo zone)
{
    private readonly Lock _turn = new();
    private readonly DayBook _day = new(zone);
    private readonly LastMinute _minute = new();
    private volatile bool _isOn;

    /// <summary>Whether anything is kept at all; off until there is a page.</summary>
    public bool IsOn { get => _isOn; set => _isOn = value; }

    /// <summary>One input and all that it made happen. Called by the shop loop alone.</summary>
    public void Take(ShopInput input, IReadOnlyList<ShopEvent> events)
    {
        if (!_isOn)
        {
            return;
        }
        lock (_turn)
        {
            _day.Take(input, events);
            if (input is ShopInput.FrameObserved picture)
            {
                _minute.Take(picture);
            }
            else if (input is ShopInput.ConfigChanged changed)
            {
                _minute.KeepOnly(changed.Config.Cameras.Select(c => c.Id));
            }
        }
    }

    public DayView View(DeviceConfig config)
    {
        lock (_turn)
        {
            return _day.View(config);
        }
    }

    /// <summary>Who stood where in the last minute before a camera; oldest first.</summary>
    public IReadOnlyList<ShopInput.FrameObserved> Minute(string camera)
    {
        lock (_turn)
        {
            return _minute.Of(camera);
        }
    }
}
