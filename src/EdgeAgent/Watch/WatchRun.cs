using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Replay;
using EdgeAgent.Rfid.Epcs;
using EdgeAgent.Vision;
using EdgeAgent.Vision.Models;
using EdgeAgent.Vision.Overlay;

namespace EdgeAgent.Watch;

/// <summary>One camera through the same shop as a running agent, with a picture beside each input. Nothing is published or kept.</summary>
internal sealed class WatchRun(DeviceConfig store, CameraConfig camera, ModelStore models, bool record = false)
{
    // An hour at 30 pictures a second; what comes later is not in the proposals.
    private const int MostRecorded = 3600 * 30;

    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);

    // Without gates and readers: a camera alone is watched.
    private readonly DeviceConfig _config = store with { Cameras = [camera], Readers = [], Gates = [] };

    private readonly List<PersonInView> _people = [];

    public Overlay Overlay { get; } = new(camera);

    /// <summary>What was seen, without looks, when it is recorded: small enough for an hour of pictures, to run the shop again with other lines.</summary>
    public List<ShopInput.FrameObserved> Seen { get; } = [];

    /// <summary>Runs to the end of the clip, for <paramref name="seconds"/>, or until cancelled.</summary>
    /// <param name="onPicture">Gets each picture with everything drawn on it, its time, and how long the clip is if it says so.</param>
    /// <exception cref="ModelException">A model is missing or not what the manifest says.</exception>
    public void Run(double? seconds, Action<Picture, TimeSpan, double?> onPicture, CancellationToken cancel)
    {
        FillRandom random = Randomness.Seeded(1);
        var floor = new ShopFloor(_config, EpcIdentity.Identify, random);
        var loop = new ShopLoop(floor, new PrivacyGate(_config, new EgressContext(1, "none", static () => "replay"), random));
        using FrameAnalyzer analyzer = models.OpenAnalyzer(camera.Id, _config.Models);
        using var watched = new WatchedCamera(camera, analyzer, models.FirstHere("faces"), models.Folder, TimeProvider.System);
        DateTimeOffset nextTick = Replayer.Start;
        foreach (ShopInput.FrameObserved seen in watched.Read(Replayer.Start, cancel))
        {
            for (; nextTick <= seen.At; nextTick += s_tick)
            {
                Take(loop, new ShopInput.Tick(nextTick));
            }
            TimeSpan at = seen.At - Replayer.Start;
            if (record && Seen.Count < MostRecorded)
            {
                Seen.Add(seen with { People = [.. seen.People.Select(p => p with { Appearance = null })] });
            }
            Take(loop, seen);
            _people.Clear();
            floor.InView(camera.Id, _people);
            VeilHidden(watched.Picture!, seen.At);
            Overlay.Draw(watched.Picture!, _people, at, seen.At);
            onPicture(watched.Picture!, at, watched.DeclaredSeconds);
            if (at.TotalSeconds >= seconds)
            {
                break;
            }
        }
        // Until the last person is missed.
        for (DateTimeOffset end = nextTick.AddSeconds(_config.Visits.LostSeconds + 1); nextTick <= end; nextTick += s_tick)
        {
            Take(loop, new ShopInput.Tick(nextTick));
        }
        Take(loop, new ShopInput.Closing(nextTick));
    }

    /// <summary>A person whom the detector missed in this picture is most likely where they were: their head is veiled there too.</summary>
    private void VeilHidden(Picture picture, DateTimeOffset now)
    {
        foreach (PersonInView person in _people)
        {
            if (person.LastSeen < now)
            {
                picture.Veil(WatchedCamera.Head(person.Box));
            }
        }
    }

    private void Take(ShopLoop loop, ShopInput input)
    {
        foreach (Happening happening in loop.Step(input))
        {
            Overlay.Count(happening.Event);
        }
    }
}
