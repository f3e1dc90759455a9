using System.ComponentModel;

namespace EdgeAgent.Core.Config;

/// <summary>What is suggested on a screen: a catalogue with tags, and scenes. Matched on the box; the tags that were asked with never leave it.</summary>
public sealed record ScenesConfig(
    [Description("The catalogue, 5 to 500 items.")] IReadOnlyList<SceneItemConfig> Items,
    [Description("The scenes, 1 to 32.")] IReadOnlyList<SceneLabelConfig> Labels);

/// <summary>Something that can be suggested.</summary>
public sealed record SceneItemConfig(
    [Description("The store's own id of it: 1 to 32 of a-z 0-9 -.")] string Id,
    [Description("What it goes with, 1 to 16 of 1 to 32 of a-z 0-9 -.")] IReadOnlyList<string> Tags);

/// <summary>A scene that items are shown in.</summary>
public sealed record SceneLabelConfig(
    [Description("Its name, and the last level of its topic: 1 to 32 of a-z 0-9 -.")] string Id,
    [Description("What it goes with, 1 to 16 of 1 to 32 of a-z 0-9 -.")] IReadOnlyList<string> Tags);
