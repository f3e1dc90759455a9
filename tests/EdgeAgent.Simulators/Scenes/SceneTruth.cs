using EdgeAgent.Core;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Simulators.Scenes;

/// <summary>What a figure shows in one picture.</summary>
/// <param name="Actor">Index in the scene's list of actors.</param>
/// <param name="Box">Around the part inside the picture, also where something stands in front; fractions of the picture.</param>
/// <param name="VisibleShare">Part of the figure inside the picture that nothing hides, 0..1.</param>
public readonly record struct SeenFigure(int Actor, Box Box, float VisibleShare);

/// <summary>When an actor is in view, and over which edges the view is entered and left. Frames count from 0, both included.</summary>
public sealed record ActorTruth(string Actor, int FirstFrame, int LastFrame, FrameEdge EntersOver, FrameEdge LeavesOver)
{
    public double FirstSeconds => (double)FirstFrame / StoreScene.FramesPerSecond;

    public double LastSeconds => (double)LastFrame / StoreScene.FramesPerSecond;
}
