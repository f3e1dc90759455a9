namespace EdgeAgent.Core.Config;

internal sealed partial class ConfigRules
{
    private void CheckFaces(DeviceConfig config)
    {
        if (config.Faces is not FacesConfig faces)
        {
            for (int c = 0; c < config.Cameras.Count; c++)
            {
                for (int z = 0; z < config.Cameras[c].Zones.Count; z++)
                {
                    if (config.Cameras[c].Zones[z].OptIn)
                    {
                        Add($"$.cameras[{c}].zones[{z}].optIn", "dangling", "nobody is recognised without faces; add faces, or take optIn away.");
                    }
                }
            }
            return;
        }
        if (faces.Threshold is double threshold)
        {
            Range(threshold, 0.2, 0.95, "$.faces.threshold");
        }
        Range(faces.Margin, 0, 0.5, "$.faces.margin");
        Range(faces.MinSizePx, 24, 400, "$.faces.minSizePx");
        Range(faces.Shots, 1, 15, "$.faces.shots");
        Range(faces.GestureSeconds, 1, 30, "$.faces.gestureSeconds");
        if (faces.LivenessThreshold is double liveness)
        {
            Range(liveness, 0, 1, "$.faces.livenessThreshold");
        }
        Range(faces.RepeatMinutes, 1, 1440, "$.faces.repeatMinutes");
        var zones = config.Cameras.SelectMany(c => c.Zones).Where(z => z.OptIn).Select(z => z.Id).ToHashSet();
        if (zones.Count == 0)
        {
            Add("$.faces", "dangling", "no zone has \"optIn\": true, so nobody could be recognised; mark one or remove faces.");
        }
        if (config.Models.Faces is null)
        {
            Add("$.models.faces", "missing", "faces needs a face detector; name one with role faces.");
        }
        if (config.Models.FaceVectors is null)
        {
            Add("$.models.faceVectors", "missing", "faces needs a face vector model; name one with role face-vector.");
        }
        var readers = config.Readers.Select(r => r.Id).ToHashSet();
        for (int i = 0; i < faces.Gestures.Count; i++)
        {
            string path = $"$.faces.gestures[{i}]";
            if (!zones.Contains(faces.Gestures[i].Zone))
            {
                Add(path + ".zone", "dangling", $"no zone with \"optIn\": true is called \"{faces.Gestures[i].Zone}\".");
            }
            if (!readers.Contains(faces.Gestures[i].Reader))
            {
                Add(path + ".reader", "dangling", $"no reader is called \"{faces.Gestures[i].Reader}\".");
            }
            Range(faces.Gestures[i].Port, 1, 65_535, path + ".port");
        }
    }
}
