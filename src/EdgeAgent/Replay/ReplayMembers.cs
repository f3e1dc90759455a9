using EdgeAgent.Core.Config;
using EdgeAgent.Members;
using EdgeAgent.Signing;
using EdgeAgent.Vision;

namespace EdgeAgent.Replay;

/// <summary>The members that a replay may recognise: those of a state folder, by the consent that held at the replay's own time and the keys of <c>STATE/trust</c>.</summary>
internal sealed class ReplayMembers : IDisposable
{
    private readonly LoadedMembers? _loaded;

    /// <exception cref="MemberException">The key can be read by others, or is no key.</exception>
    public ReplayMembers(DeviceConfig config, ModelStore models, string? state, DateTimeOffset start)
    {
        if (state is not null && config.Faces is not null)
        {
            using TrustedKeys trusted = TrustedKeys.ForConsents(Path.Combine(state, "trust"));
            _loaded = new MemberStore(state, Randomness.System, trusted).Load(start, models.Catalog.Find(config.Models.FaceVectors!, "face-vector").Sha256);
        }
    }

    public void Introduce(FrameAnalyzer analyzer)
    {
        if (_loaded is not null)
        {
            MemberWatch.Give(_loaded, analyzer);
        }
    }

    public void Dispose()
    {
        foreach (StoredMember member in _loaded?.Usable ?? [])
        {
            member.Face.Wipe();
        }
    }
}
