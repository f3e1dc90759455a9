namespace EdgeAgent.Dashboard;

/// <summary>A file of the page, as it lies in the program.</summary>
internal sealed record PageFile(string ContentType, byte[] Bytes, bool NeedsToken);

/// <summary>The files of wwwroot, embedded in the assembly: nothing is read from disk, and nothing comes from elsewhere.</summary>
internal static class PageFiles
{
    private const string Prefix = "wwwroot/";

    private static readonly Dictionary<string, PageFile> s_files = Read();

    public static PageFile Index => s_files["/index.html"];

    /// <summary>Where the token is asked for.</summary>
    public static PageFile Enter => s_files["/enter.html"];

    public static PageFile? Find(string path) => s_files.GetValueOrDefault(path);

    private static Dictionary<string, PageFile> Read()
    {
        var files = new Dictionary<string, PageFile>(StringComparer.Ordinal);
        foreach (string name in typeof(PageFiles).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using Stream stream = typeof(PageFiles).Assembly.GetManifestResourceStream(name)!;
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            string type = Path.GetExtension(name) switch
            {
                ".html" => "text/html; charset=utf-8",
                ".css" => "text/css; charset=utf-8",
                ".js" => "text/javascript; charset=utf-8",
                ".svg" => "image/svg+xml",
                _ => throw new InvalidOperationException($"{name} has no known type."),
            };
            // Scripts and styles say nothing of the shop.
            files.Add("/" + name[Prefix.Length..], new PageFile(type, bytes, NeedsToken: name.EndsWith("index.html", StringComparison.Ordinal)));
        }
        return files;
    }
}
