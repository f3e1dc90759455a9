namespace EdgeAgent.Core;

/// <summary>A person as one camera follows them now. Says where, never who; has no way out of the box.</summary>
/// <param name="Track">Number of the track at this camera, from 1.</param>
/// <param name="LastSeen">When <paramref name="Box"/> was true; older than the picture while the person is hidden.</param>
/// <param name="Counts">Seen often enough to be a person and not a flicker.</param>
/// <param name="Visitor">Came in through a door or line and has an open visit.</param>
public readonly record struct PersonInView(int Track, Box Box, DateTimeOffset LastSeen, bool Counts, bool Visitor);
