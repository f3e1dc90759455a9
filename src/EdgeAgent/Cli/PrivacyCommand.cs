using System.CommandLine;
using System.Globalization;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent privacy scan</c>: looks for what must not be on a box's disk, in a recording of its line or in its log.</summary>
internal static class PrivacyCommand
{
    // A longer file is looked at in pieces that overlap.
    private const int Piece = 64 * 1024 * 1024;
    private const int Overlap = 64 * 1024;

    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH") { Description = "Files and folders; folders with all that is in them.", Arity = ArgumentArity.OneOrMore };
        var canaries = new Option<string[]>("--canary") { Description = "A file with bytes to look for, 8 to 65,536 of them; may be given again.", HelpName = "FILE", DefaultValueFactory = _ => [] };
        var epcs = new Option<bool>("--epcs") { Description = "Also raw EPCs: never on the line, but a box keeps those of sold goods and of decisions on its own disk." };
        var scan = new Command("scan", "Looks for pictures, vectors, EPCs and given bytes, as they are and inside base64 and hexadecimal text. Ends with 7 when it finds one.") { paths, canaries, epcs };
        scan.SetAction(result => Scan(result.GetValue(paths)!, [.. result.GetValue(canaries)!.Select(Canary)], result.GetValue(epcs)));
        return new Command("privacy", "Shows what is kept and said about people.") { scan }.WithExamples(
            """
            edge-agent privacy scan /var/lib/edge-agent --canary face.f32
            edge-agent privacy scan recorded-line.jsonl --epcs
            """);
    }

    /// <summary>What is in these files; of each file the first of each kind.</summary>
    internal static IEnumerable<(string File, Leak Leak)> Find(IEnumerable<string> paths, IReadOnlyList<byte[]> canaries, bool epcs) =>
        paths.SelectMany(FilesOf).SelectMany(file => Look(file, canaries).Where(leak => epcs || leak.Kind != LeakKind.Epc).DistinctBy(leak => leak.Kind).Select(leak => (file, leak)));

    private static int Scan(IReadOnlyList<string> paths, IReadOnlyList<byte[]> canaries, bool epcs)
    {
        (string File, Leak Leak)[] found = [.. Find(paths, canaries, epcs)];
        if (found.Length == 0)
        {
            Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"Nothing found in {paths.SelectMany(FilesOf).Count():N0} files."));
            return ExitCode.Ok;
        }
        Terminal.Table(
            ["file", "what", "first at byte"],
            found.Select(each => new[] { each.File, each.Leak.Kind.ToString().ToLowerInvariant(), each.Leak.Offset.ToString("N0", CultureInfo.InvariantCulture) }), 2);
        return ExitCode.Different;
    }

    private static List<Leak> Look(string path, IReadOnlyList<byte[]> canaries)
    {
        var found = new List<Leak>();
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] piece = new byte[Math.Min(Piece, file.Length)];
        for (long at = 0; at < file.Length; at += Piece - Overlap)
        {
            file.Position = at;
            int read = file.ReadAtLeast(piece, piece.Length, throwOnEndOfStream: false);
            found.AddRange(LeakScanner.Scan(piece.AsSpan(0, read), canaries).Select(leak => leak with { Offset = leak.Offset + at }));
        }
        return found;
    }

    private static IEnumerable<string> FilesOf(string path) =>
        File.Exists(path) ? [path]
        : Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Where(file => File.ResolveLinkTarget(file, false) is null).Order(StringComparer.Ordinal)
        : throw new FileNotFoundException($"There is no file or folder {path}.");

    private static byte[] Canary(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        return bytes.Length is >= 8 and <= 65_536 ? bytes : throw new IOException($"{path} has {bytes.Length} bytes; a canary has 8 to 65,536.");
    }
}
