namespace EdgeAgent.Core.Today;

/// <summary>
/// Where people stood in the last minute, as each camera saw them: positions only, no looks. For the zone editor, which lets the shop count anew
/// with other lines. One caller at a time.
/// </summary>
public sealed class LastMinute
{
    /// <summary>How far back it goes.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(60);

    // A minute at 30 pictures a second; a camera that sends more is not kept longer for it.
    private const int MostPictures = 1800;

    private readonly Dictionary<string, Queue<ShopInput.FrameObserved>> _cameras = [];

    /// <summary>Takes a copy without the looks: whoever owns them may wipe them.</summary>
    public void Take(ShopInput.FrameObserved picture)
    {
        if (!_cameras.TryGetValue(picture.Camera, out Queue<ShopInput.FrameObserved>? kept))
        {
            _cameras.Add(picture.Camera, kept = new Queue<ShopInput.FrameObserved>());
        }
        PersonSeen[] people = [.. picture.People];
        for (int i = 0; i < people.Length; i++)
        {
            people[i] = people[i] with { Appearance = null };
        }
        kept.Enqueue(picture with { People = people });
        while (kept.Count > MostPictures || picture.At - kept.Peek().At > Length)
        {
            kept.Dequeue();
        }
    }

    /// <summary>Forgets cameras that are not there any more.</summary>
    public void KeepOnly(IEnumerable<string> cameras)
    {
        var there = cameras.ToHashSet(StringComparer.Ordinal);
        foreach (string gone in _cameras.Keys.Where(camera => !there.Contains(camera)).ToList())
        {
            _cameras.Remove(gone);
        }
    }

    /// <summary>Oldest first; empty for a camera that sent nothing.</summary>
    public IReadOnlyList<ShopInput.FrameObserved> Of(string camera) => _cameras.TryGetValue(camera, out Queue<ShopInput.FrameObserved>? kept) ? [.. kept] : [];
}
