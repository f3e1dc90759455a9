using System.Text;
using EdgeAgent.Tests.Egress;
using EdgeAgent.Tests.MemberRooms;
using Xunit.Sdk;

namespace EdgeAgent.Tests.PrivacyRooms;

/// <summary>The control of the look at the end of each test: what is planted in a folder, on the line or in a log makes that test fail.</summary>
public sealed class OutputScanTests
{
    private static readonly byte[] s_jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF\0"u8];

    private static readonly string s_vector = Convert.ToBase64String(ConsentDesk.Canary().AsBytes());

    [Theory]
    [InlineData("state/outbox.db")]
    [InlineData("state/any.name")]
    [InlineData("no-extension")]
    public void A_picture_or_a_template_in_any_file_that_no_test_put_there_fails_the_test(string file)
    {
        foreach (byte[] plant in new[] { s_jpeg, ConsentDesk.Canary().AsBytes().ToArray(), Encoding.ASCII.GetBytes(s_vector) })
        {
            string root;
            using (var other = new TestFolder())
            {
                Assert.Contains(Path.GetFileName(file), Assert.Throws<TrueException>(() => Plant(other.Root, file, plant)).Message, StringComparison.Ordinal);
                File.Delete(Path.Combine(other.Root, file));
            }
            var folder = new TestFolder();
            root = folder.Root;
            Write(folder[file], plant);
            Assert.Throws<TrueException>(folder.Dispose);
            Assert.False(Directory.Exists(root));
        }

        static void Plant(string root, string file, byte[] plant)
        {
            Write(Path.Combine(root, file), plant);
            OutputScan.Folder(root, new HashSet<string>());
        }
    }

    [Fact]
    public void What_a_test_wrote_itself_and_pictures_to_be_read_are_no_output()
    {
        using var folder = new TestFolder();
        folder.Write("config.json", "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==");
        Write(folder["front.jpg"], s_jpeg);
    }

    [Fact]
    public void A_raw_epc_fails_on_the_line_and_in_the_log_of_a_running_agent_alone()
    {
        const string Epc = "Tag 3034257BF7194E4000001A85 left.";
        Assert.Throws<TrueException>(() => OutputScan.Line([("sst/acme/s0001/b1/evt/exit/settled", Epc)]));
        Assert.Throws<TrueException>(() => OutputScan.Text("log", Epc, epcs: true));
        Assert.Throws<TrueException>(() => OutputScan.Text("page", s_vector, epcs: false));
        OutputScan.Text("edge-agent gate explain", Epc, epcs: false);
        OutputScan.Line([("sst/acme/s0001/b1/cmd/cart.claim", Epc), ("sst/acme/s0001/b1/cfg/desired", s_vector)]);
    }

    private static void Write(string file, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, bytes);
    }
}
