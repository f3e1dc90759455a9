using System.Text;
using EdgeAgent.Core;
using EdgeAgent.Core.Gate;
using EdgeAgent.Egress;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Egress;

public sealed class EvidenceStoreTests : IDisposable
{
    private static readonly DateTimeOffset s_at = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Strays_push_no_decision_out()
    {
        using EvidenceStore store = EvidenceStore.TryOpen(_folder.Root, NullLogger.Instance)!;
        store.Keep(Held(1), Some.Id(1));
        for (int n = 0; n < EvidenceStore.MostStrays + 250; n++)
        {
            store.Keep(new ShopEvent.TagsStrayed(s_at, Evidence()), null);
        }

        Assert.NotNull(EvidenceStore.Find(_folder.Root, Some.Id(1)));
        Assert.InRange(store.Shed, 250, 400);
        Assert.Equal(0, store.Lost);
    }

    [Fact]
    public void A_full_file_lets_strays_go_before_decisions_and_then_the_oldest_decision()
    {
        using EvidenceStore store = EvidenceStore.TryOpen(_folder.Root, NullLogger.Instance, mostBytes: 40_000)!;
        for (int n = 1; n <= 10; n++)
        {
            store.Keep(Held(n), Some.Id(n));
            store.Keep(new ShopEvent.TagsStrayed(s_at, Evidence()), null);
        }
        int next = 11;
        while (store.Shed == 0)
        {
            store.Keep(Held(next), Some.Id(next));
            next++;
        }

        Assert.Equal(10, store.Shed);
        Assert.NotNull(EvidenceStore.Find(_folder.Root, Some.Id(1)));
        for (; EvidenceStore.Find(_folder.Root, Some.Id(1)) is not null; next++)
        {
            store.Keep(Held(next), Some.Id(next));
        }
        Assert.NotNull(EvidenceStore.Find(_folder.Root, Some.Id(next - 1)));
    }

    [Fact]
    public void The_bound_holds_after_a_restart()
    {
        for (int start = 0; start < 2; start++)
        {
            using EvidenceStore store = EvidenceStore.TryOpen(_folder.Root, NullLogger.Instance)!;
            for (int n = 0; n < EvidenceStore.MostStrays - 500; n++)
            {
                store.Keep(new ShopEvent.TagsStrayed(s_at, Evidence()), null);
            }
            Assert.Equal(start == 0, store.Shed == 0);
        }
    }

    [Fact]
    public async Task Decision_in_a_state_folder_is_explained()
    {
        using (EvidenceStore store = EvidenceStore.TryOpen(_folder.Root, NullLogger.Instance)!)
        {
            store.Keep(Held(7), Some.Id(7));
        }
        Ended page = await EdgeAgentProcess.RunAsync("gate", "explain", Some.Id(7).ToString(), "--state", _folder.Root);

        page.AssertOk();
        Assert.Contains("3034257BF400004000000001", page.Out, StringComparison.Ordinal);
        Assert.Contains("weak-read", page.Out, StringComparison.Ordinal);
        Assert.Contains("3034257BF400004000000001", Encoding.UTF8.GetString(EvidenceStore.Find(_folder.Root, Some.Id(7))!), StringComparison.Ordinal);
    }

    private static ShopEvent.ExitHeld Held(int n) =>
        new(s_at.AddSeconds(n), Passage, "KEY", [], 0, new Attribution(null, 0, 0), [HoldReason.WeakRead]) { Evidence = Evidence() };

    private static GateEvidence Evidence() => new(
        Passage, [],
        [
            new TagEvidence(
                new Epc(Convert.FromHexString("3034257BF400004000000001"), 96), TagVerdict.Uncertain, VerdictReason.TooFewReads, default,
                new ZoneEvidence { Reads = 1, Peak = -60, First = s_at, Last = s_at }, default, 0, 0, null, s_at, Duplicate: false),
        ],
        0, []);

    private static GatePassage Passage => new("front", s_at, s_at, s_at);
}
