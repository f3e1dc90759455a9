using System.Security.Cryptography;
using EdgeAgent.Core.Members;
using EdgeAgent.Members;
using EdgeAgent.Tests.Faults;
using EdgeAgent.Torture.Faults;
using EdgeAgent.Vision.Faces;

namespace EdgeAgent.Tests.MemberRooms;

/// <summary>What an erasure leaves on a real disk: nothing, and after a power cut the old state or the new one.</summary>
public sealed class ErasureTests : IDisposable
{
    private const string Model = "b7281af76b4ae1a8ec13f298f1160a1d85ff190d0495b617ed608b14042c75c1";

    private static readonly DateTimeOffset s_now = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private readonly ConsentDesk _desk = new();

    public void Dispose() => _desk.Dispose();

    [DiskFact]
    public void No_block_of_the_disk_holds_key_template_or_consent_of_an_erased_member_and_the_old_key_opens_nothing()
    {
        using var disk = new LoopDisk();
        var ledger = new MemberStore(disk["state"], Randomness.System, _desk.Trusted);
        Consent consent = _desk.Consent("m-1", s_now, s_now.AddDays(30));
        ledger.Save(new StoredMember(consent, s_now, 3, Model, ConsentDesk.Canary()));
        ledger.Save(new StoredMember(_desk.Consent("m-2", s_now, s_now.AddDays(30)), s_now, 3, Model, ConsentDesk.Canary()));
        byte[] file = File.ReadAllBytes(disk["state/members/m-1.member"]), boxKey = File.ReadAllBytes(disk["state/members.key"]);
        byte[] wrapped = file[68..100], body = file[^64..], signed = consent.Document.ToArray();
        byte[] template = ConsentDesk.Canary().AsBytes()[..32].ToArray();
        // The control: a template in the clear is found by the same look.
        File.WriteAllBytes(disk["planted"], ConsentDesk.Canary().AsBytes().ToArray());
        Assert.True(disk.HoldsRaw(template));
        Destroy(disk["planted"]);
        Assert.False(disk.HoldsRaw(template));
        Assert.Equal((true, true, true), (disk.HoldsRaw(wrapped), disk.HoldsRaw(body), disk.HoldsRaw(signed)));

        Assert.Equal(new Erasure(true, true, true), ledger.Erase(new MemberRef("m-1"), s_now));

        Assert.Equal((false, false, false), (disk.HoldsRaw(wrapped), disk.HoldsRaw(body), disk.HoldsRaw(signed)));
        Assert.False(disk.HoldsRaw(template));
        // A copy of the file from before opens with the box's key: only without the member's own wrapped key it does not.
        StoredMember copy = Assert.IsType<StoredMember>(MemberFile.Read(file, consent, boxKey));
        Assert.Equal(1, copy.Face.Similarity(ConsentDesk.Canary()), 1e-5);
        RandomNumberGenerator.Fill(file.AsSpan(40, 60));
        Assert.Null(MemberFile.Read(file, consent, boxKey));
        Assert.Equal(["m-2"], ledger.Load(s_now, Model).Usable.Select(m => m.Member.Value));
    }

    [DiskFact]
    public void A_power_cut_while_erasing_leaves_the_member_whole_or_gone()
    {
        using var disk = new LoopDisk();
        var outcomes = new HashSet<string>();
        for (int trial = 0; trial < 12; trial++)
        {
            string state = disk[$"state-{trial}"];
            bool armed = false;
            int drawn = 0, cutAt = trial;
            var ledger = new MemberStore(state, Fill, _desk.Trusted);
            Consent consent = _desk.Consent("m-1", s_now, s_now.AddDays(30));
            ledger.Save(new StoredMember(consent, s_now, 3, Model, ConsentDesk.Canary()));
            System.Diagnostics.Process.Start("sync", ["-f", disk.Folder]).WaitForExit();
            byte[] wrapped = File.ReadAllBytes(Path.Combine(state, "members/m-1.member"))[68..100];
            armed = true;
            using var cutter = new Timer(_ => Cut(), null, trial == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(trial / 2.0), Timeout.InfiniteTimeSpan);
            if (trial == 1)
            {
                Cut();
            }
            try
            {
                ledger.Erase(new MemberRef("m-1"), s_now);
            }
            catch (Exception cut) when (cut is IOException or UnauthorizedAccessException or MemberException)
            {
            }
            Cut();
            // A stream whose last flush failed closes its file only when it is collected; with it open the disk cannot be mounted anew.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            disk.PowerOn();

            var next = new MemberStore(state, Randomness.System, _desk.Trusted);
            LoadedMembers loaded = next.Load(s_now, Model);
            Assert.Empty(loaded.Unusable);
            bool whole = loaded.Usable.Count == 1;
            if (whole)
            {
                Assert.Equal(1, loaded.Usable[0].Face.Similarity(ConsentDesk.Canary()), 1e-5);
                Assert.True(next.Erase(new MemberRef("m-1"), s_now).Anything);
            }
            Assert.False(disk.HoldsRaw(wrapped));
            Assert.Empty(Directory.GetFiles(Path.Combine(state, "members"), "*member*"));
            outcomes.Add(whole ? "whole" : "gone");

            void Fill(Span<byte> bytes)
            {
                // The first trial is cut just before the first byte is overwritten: the file has its other name already.
                if (armed && cutAt == 0 && drawn++ == 0)
                {
                    Cut();
                }
                Randomness.System(bytes);
            }

            void Cut()
            {
                lock (outcomes)
                {
                    if (armed)
                    {
                        armed = false;
                        disk.CutPower();
                    }
                }
            }
        }
        Assert.Equal(["gone", "whole"], outcomes.Order());
    }

    private static void Destroy(string path)
    {
        using (FileStream file = File.OpenWrite(path))
        {
            file.Write(new byte[file.Length]);
            file.Flush(flushToDisk: true);
        }
        File.Delete(path);
    }
}
