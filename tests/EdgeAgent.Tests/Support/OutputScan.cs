using System.Text;
using EdgeAgent.Cli;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Tests.MemberRooms;

namespace EdgeAgent.Tests;

/// <summary>
/// Looks through everything that agents wrote, said and logged in the tests of this project, at the end of each test: a picture, a vector or the template of the consent
/// desk anywhere makes that test fail, and so does a raw EPC on the line or in the log of a running agent.
/// </summary>
internal static class OutputScan
{
    /// <summary>What only tests put into their folders: pictures, clips, models and vectors to be read by the agent, which writes no file of such a name but models.</summary>
    private static readonly string[] s_fixtures = [".onnx", ".png", ".jpg", ".mkv", ".mp4", ".rgb", ".f32"];

    /// <summary>What a trusted key signed about models, kept as it came: with golden vectors of test pictures.</summary>
    private const string Described = "/ota/state.json";

    // Not through links: what lies behind them was there before.
    private static readonly EnumerationOptions s_here = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };

    private static readonly byte[] s_template = ConsentDesk.Canary().AsBytes()[..64].ToArray();

    /// <param name="written">What the test itself wrote: passed over.</param>
    public static void Folder(string root, IReadOnlySet<string> written)
    {
        if (!Directory.Exists(root))
        {
            return;
        }
        IEnumerable<string> files = Directory.EnumerateFiles(root, "*", s_here)
            .Where(file => !written.Contains(file) && !s_fixtures.Contains(Path.GetExtension(file)) && !file.EndsWith(Described, StringComparison.Ordinal) && File.ResolveLinkTarget(file, false) is null && new FileInfo(file).Length > 0 && !IsGallery(file));
        Fail([.. PrivacyCommand.Find(files, [s_template], epcs: false).Select(found => (Path.GetRelativePath(root, found.File), found.Leak))]);
    }

    /// <summary>What went over the line from a box; what was sent to one is no output.</summary>
    public static void Line(IEnumerable<(string Topic, string Payload)> heard)
    {
        string all = string.Join('\n', heard.Where(m => !IsInput(m.Topic)).Select(m => $"{m.Topic} {m.Payload}"));
        Text("the line", all, epcs: true);
    }

    /// <param name="epcs">Not for what a person asks for at the box: there an EPC may be the answer.</param>
    public static void Text(string where, string text, bool epcs) =>
        Fail([.. LeakScanner.Scan(Encoding.UTF8.GetBytes(text), [s_template]).Where(leak => epcs || leak.Kind != LeakKind.Epc).Select(leak => (where, leak))]);

    /// <summary>Vectors of goods are what a gallery is for; it is read by nobody outside the box.</summary>
    private static bool IsGallery(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] head = new byte[8];
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.AsSpan().SequenceEqual("EAGALLRY"u8);
    }

    private static bool IsInput(string topic) => topic.Contains("/cmd/", StringComparison.Ordinal) || topic.EndsWith("/desired", StringComparison.Ordinal);

    private static void Fail(IReadOnlyList<(string Where, Leak Leak)> found) =>
        Assert.True(found.Count == 0, "Something was written that no box may write: " + string.Join("; ", found.Select(f => $"{f.Where}: {f.Leak.Kind} at byte {f.Leak.Offset}")));
}
