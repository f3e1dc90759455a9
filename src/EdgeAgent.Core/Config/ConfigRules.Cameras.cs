namespace EdgeAgent.Core.Config;

internal sealed partial class ConfigRules
{
    private void CheckCameras(IReadOnlyList<CameraConfig> cameras)
    {
        Unique(cameras.Select(camera => camera.Id), "$.cameras", "id");
        Unique(cameras.SelectMany(ExitsOf), "$.cameras", "door or line id");
        Unique(cameras.SelectMany(c => c.Zones.Select(z => z.Id).Concat(c.Regions.Select(r => r.Id))), "$.cameras", "zone or region id");
        for (int i = 0; i < cameras.Count; i++)
        {
            CameraConfig camera = cameras[i];
            string path = $"$.cameras[{i}]";
            Name(camera.Id, path + ".id");
            CheckAddress(camera, path);
            Range(camera.Fps, 1, 30, path + ".fps");
            Range(camera.Width, 160, 1920, path + ".width");
            if (camera.Width % 2 != 0)
            {
                Add(path + ".width", "out-of-range", $"{camera.Width} is odd; an even width is needed.");
            }
            for (int d = 0; d < camera.Doors.Count; d++)
            {
                Name(camera.Doors[d].Id, $"{path}.doors[{d}].id");
            }
            for (int l = 0; l < camera.Lines.Count; l++)
            {
                CheckLine(camera.Lines[l], $"{path}.lines[{l}]");
            }
            Range(camera.StallSeconds, 1, 60, path + ".stallSeconds");
            for (int z = 0; z < camera.Zones.Count; z++)
            {
                CheckZone(camera.Zones[z], $"{path}.zones[{z}]");
            }
            for (int r = 0; r < camera.Regions.Count; r++)
            {
                Name(camera.Regions[r].Id, $"{path}.regions[{r}].id");
                Area(camera.Regions[r].Area, $"{path}.regions[{r}].area");
            }
            for (int m = 0; m < camera.Masks.Count; m++)
            {
                Area(camera.Masks[m], $"{path}.masks[{m}]");
            }
            if (camera.Floor is FloorConfig floor)
            {
                CheckFloor(floor, path + ".floor");
            }
        }
    }

    private void CheckLine(LineConfig line, string path)
    {
        Name(line.Id, path + ".id");
        Place(line.From, path + ".from");
        Place(line.To, path + ".to");
        if (line.From == line.To)
        {
            Add(path, "bad-value", "the line has no length.");
        }
    }

    private void CheckZone(ZoneConfig zone, string path)
    {
        Name(zone.Id, path + ".id");
        Area(zone.Area, path + ".area");
        if (zone.DwellSeconds is double dwell)
        {
            Range(dwell, 1, 3600, path + ".dwellSeconds");
        }
    }

    private void CheckFloor(FloorConfig floor, string path)
    {
        int before = _errors.Count;
        for (int i = 0; i < floor.Image.Count; i++)
        {
            Place(floor.Image[i], $"{path}.image[{i}]");
        }
        for (int i = 0; i < floor.Metres.Count; i++)
        {
            Range(floor.Metres[i].X, -1000, 1000, $"{path}.metres[{i}]");
            Range(floor.Metres[i].Y, -1000, 1000, $"{path}.metres[{i}]");
        }
        if (_errors.Count == before && Visits.FloorMap.Problem(floor) is string problem)
        {
            Add(path, "bad-value", problem);
        }
    }

    private void Area(IReadOnlyList<Point> corners, string path)
    {
        if (corners.Count is < 3 or > 32)
        {
            Add(path, "out-of-range", $"an area has 3 to 32 corners, not {corners.Count}.");
            return;
        }
        for (int i = 0; i < corners.Count; i++)
        {
            Place(corners[i], $"{path}[{i}]");
        }
        if (Polygon.Area(corners) < 0.0001f)
        {
            Add(path, "bad-value", "the area is empty: its corners lie on one line or it crosses itself.");
        }
    }
}
