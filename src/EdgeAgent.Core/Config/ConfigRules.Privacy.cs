namespace EdgeAgent.Core.Config;

internal sealed partial class ConfigRules
{
    private const int MostTags = Commands.CommandRules.MostTags;

    private void CheckAggregates(AggregatesConfig? aggregates)
    {
        if (aggregates is null)
        {
            return;
        }
        Hundredths(aggregates.Epsilon, 2, "$.aggregates.epsilon");
        Hundredths(aggregates.EpsilonPerDay, 48, "$.aggregates.epsilonPerDay");
        if (aggregates.EpsilonPerDay < aggregates.Epsilon)
        {
            Add("$.aggregates.epsilonPerDay", "out-of-range", "it is below epsilon, so that no hour could be released; raise it, or lower epsilon.");
        }
        Range(aggregates.MinCount, 10, 1000, "$.aggregates.minCount");
        Range(aggregates.MostZones, 1, 10, "$.aggregates.mostZones");
        Range(aggregates.ShortSeconds, 1, 3600, "$.aggregates.shortSeconds");
        Range(aggregates.LongSeconds, 1, 7200, "$.aggregates.longSeconds");
        if (aggregates.LongSeconds <= aggregates.ShortSeconds)
        {
            Add("$.aggregates.longSeconds", "out-of-range", "it must be above shortSeconds.");
        }
    }

    /// <summary>The noise is drawn with whole numbers: it knows no finer steps.</summary>
    private void Hundredths(double value, double most, string path)
    {
        Range(value, 0.01, most, path);
        if (Math.Abs((value * 100) - Math.Round(value * 100)) > 1e-9)
        {
            Add(path, "bad-value", "at most two digits behind the point are expected.");
        }
    }

    private void CheckScenes(ScenesConfig? scenes)
    {
        if (scenes is null)
        {
            return;
        }
        Range(scenes.Items.Count, Privacy.SceneMatcher.Suggested, 500, "$.scenes.items");
        Range(scenes.Labels.Count, 1, 32, "$.scenes.labels");
        Unique(scenes.Items.Select(i => i.Id), "$.scenes.items", "item");
        Unique(scenes.Labels.Select(l => l.Id), "$.scenes.labels", "scene");
        for (int i = 0; i < scenes.Items.Count; i++)
        {
            Tagged(scenes.Items[i].Id, scenes.Items[i].Tags, $"$.scenes.items[{i}]");
        }
        for (int i = 0; i < scenes.Labels.Count; i++)
        {
            Tagged(scenes.Labels[i].Id, scenes.Labels[i].Tags, $"$.scenes.labels[{i}]");
        }
    }

    private void Tagged(string id, IReadOnlyList<string> tags, string path)
    {
        Name(id, path + ".id");
        Range(tags.Count, 1, MostTags, path + ".tags");
        for (int t = 0; t < tags.Count; t++)
        {
            Name(tags[t], $"{path}.tags[{t}]");
        }
    }
}
