using EdgeAgent.Core.Privacy;
using EdgeAgent.Ota;

namespace EdgeAgent.Tests.Ota;

public class ModelShelfTests
{
    private const long Mebibyte = 1L << 20;

    [Fact]
    public void Room_is_what_the_disk_has_beyond_a_reserve_and_what_the_quota_leaves_beside_the_kept_models()
    {
        using var folder = new TestFolder();
        long free = 100 * Mebibyte;
        var shelf = new ModelShelf(folder.Root, _ => free, quotaBytes: 20 * Mebibyte);
        Assert.Equal(OtaReason.None, shelf.RoomFor("aa", 10 * Mebibyte, []));
        Assert.Equal(OtaReason.NoSpace, shelf.RoomFor("aa", 37 * Mebibyte, []));
        Assert.Equal(OtaReason.TooLarge, shelf.RoomFor("aa", 21 * Mebibyte, []));

        File.WriteAllBytes(shelf.PathOf("bb"), new byte[15 * Mebibyte]);
        Assert.Equal(OtaReason.TooLarge, shelf.RoomFor("aa", 10 * Mebibyte, ["bb"]));
        Assert.Equal(OtaReason.None, shelf.RoomFor("aa", 10 * Mebibyte, []));

        // What is there of it already needs no room again.
        free = 66 * Mebibyte;
        Assert.Equal(OtaReason.NoSpace, shelf.RoomFor("aa", 10 * Mebibyte, []));
        File.WriteAllBytes(Path.Combine(shelf.Incoming, "aa.part"), new byte[8 * Mebibyte]);
        Assert.Equal(OtaReason.None, shelf.RoomFor("aa", 10 * Mebibyte, []));
    }

    [Fact]
    public void Only_what_is_kept_stays()
    {
        using var folder = new TestFolder();
        var shelf = new ModelShelf(folder.Root, _ => long.MaxValue);
        shelf.RoomFor("aa", 1, []);
        foreach (string file in new[] { "aa.onnx", "bb.onnx", "incoming/cc.part", "incoming/cc.etag", "incoming/dd.part" })
        {
            File.WriteAllBytes(Path.Combine(shelf.Folder, file), [1]);
        }
        shelf.KeepOnly(["aa", "cc"]);
        Assert.Equal(["aa.onnx", "cc.etag", "cc.part"], Directory.EnumerateFiles(shelf.Folder, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order());
    }
}
