using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Privacy;

/// <summary>Finds what goes with some tags. The same question gives the same answer; nothing of the question is kept.</summary>
internal static class SceneMatcher
{
    /// <summary>How many items are suggested, always.</summary>
    public const int Suggested = 5;

    /// <summary>
    /// The scene and the five items that share the largest part of their tags with what was asked (Jaccard), the item's with the scene's too; of equal ones the first of the
    /// configuration. Null when none of the tags is known.
    /// </summary>
    public static (string Scene, IReadOnlyList<string> Items)? Match(ScenesConfig scenes, IReadOnlyList<string> asked)
    {
        var wanted = asked.ToHashSet(StringComparer.Ordinal);
        if (!scenes.Items.SelectMany(i => i.Tags).Concat(scenes.Labels.SelectMany(l => l.Tags)).Any(wanted.Contains))
        {
            return null;
        }
        SceneLabelConfig scene = scenes.Labels.MaxBy(label => Likeness(label.Tags, wanted))!;
        var whole = wanted.Union(scene.Tags).ToHashSet(StringComparer.Ordinal);
        return (scene.Id, [.. scenes.Items.OrderByDescending(item => Likeness(item.Tags, wanted)).ThenByDescending(item => Likeness(item.Tags, whole)).Take(Suggested).Select(item => item.Id)]);
    }

    private static double Likeness(IReadOnlyList<string> tags, HashSet<string> wanted)
    {
        var own = tags.ToHashSet(StringComparer.Ordinal);
        int shared = own.Count(wanted.Contains);
        return (double)shared / (own.Count + wanted.Count - shared);
    }
}
