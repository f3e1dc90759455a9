using EdgeAgent.Core.Visits;

namespace EdgeAgent.Core;

// Who is in which zone.
public sealed partial class ShopFloor
{
    private void TellZones(CameraFloor camera, DateTimeOffset now, List<ShopEvent> events)
    {
        if (camera.HasStaffZone)
        {
            for (int t = 0; t < camera.Tracks.Count; t++)
            {
                Track track = camera.Tracks[t];
                if (!track.Staff && camera.InStaffZone(track, now, _config.Visits.StaffSeconds) && _visits.IsStaff(camera.Camera, track, now) is ShopEvent.VisitEnded ended)
                {
                    events.Add(ended);
                }
            }
        }
        foreach (ZoneHappening happening in camera.InZones)
        {
            if (happening.Track.Staff || happening.Zone.Staff)
            {
                continue;
            }
            VisitId? visit = _visits.VisitOf(happening.Track);
            events.Add(happening.Change switch
            {
                ZoneChange.Entered => new ShopEvent.ZoneEntered(now, visit, camera.Camera, happening.Zone.Id, happening.Since),
                ZoneChange.Left => new ShopEvent.ZoneLeft(now, visit, camera.Camera, happening.Zone.Id, happening.Since, happening.At),
                ZoneChange.Dwelled => new ShopEvent.ZoneDwelled(now, visit, camera.Camera, happening.Zone.Id, happening.Since),
                _ => throw new System.Diagnostics.UnreachableException(),
            });
        }
        camera.InZones.Clear();
    }
}
