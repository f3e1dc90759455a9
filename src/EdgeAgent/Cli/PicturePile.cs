using System.Globalization;
using EdgeAgent.Core.Checkout;

namespace EdgeAgent.Cli;

/// <summary>One picture to enroll.</summary>
internal sealed record PilePicture(string Product, string? Gtin, string File);

/// <summary>The pictures of a folder with the product that each shows: by its subfolder, or by its name up to the last underscore.</summary>
/// <param name="UnusedGtins">Classes of the GTIN list of which there is no picture.</param>
internal sealed record PicturePile(IReadOnlyList<PilePicture> Pictures, IReadOnlyList<string> UnusedGtins)
{
    private static readonly string[] s_endings = [".jpg", ".jpeg", ".png"];

    /// <param name="classes">CSV class_id,class_name; null looks for classes.csv in the folder or beside it.</param>
    /// <param name="gtins">CSV class,gtin, the class by id or by name; null for none.</param>
    /// <exception cref="ScenarioException">The folder or a list cannot be used: names file, line and what to do.</exception>
    public static PicturePile Find(string folder, string? classes, string? gtins)
    {
        if (!Directory.Exists(folder))
        {
            throw new Replay.ScenarioException($"There is no folder {folder}; name one with pictures of products.");
        }
        string full = Path.GetFullPath(folder);
        classes ??= new[] { Path.Combine(full, "classes.csv"), Path.Combine(Path.GetDirectoryName(full) ?? full, "classes.csv") }.FirstOrDefault(File.Exists);
        Dictionary<string, string> names = classes is null ? [] : ReadPairs(classes, "class_id");
        Dictionary<string, string> codes = gtins is null ? [] : ReadGtins(gtins);
        var used = new HashSet<string>(StringComparer.Ordinal);
        var pictures = new List<PilePicture>();
        foreach (string file in Directory.EnumerateFiles(full, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (!s_endings.Contains(Path.GetExtension(file).ToLowerInvariant()))
            {
                continue;
            }
            string id = ClassOf(file, full);
            string key = Key(id);
            string name = names.GetValueOrDefault(key, id);
            string? gtinKey = codes.ContainsKey(key) ? key : codes.ContainsKey(name) ? name : null;
            if (gtinKey is not null)
            {
                used.Add(gtinKey);
            }
            pictures.Add(new PilePicture(name, gtinKey is null ? null : codes[gtinKey], file));
        }
        return pictures.Count > 0
            ? new PicturePile(pictures, [.. codes.Keys.Where(c => !used.Contains(c)).Order(StringComparer.Ordinal)])
            : throw new Replay.ScenarioException($"The folder {folder} holds no .jpg, .jpeg or .png file; put pictures there as CLASS/NAME.jpg or CLASS_NAME.jpg.");
    }

    private static string ClassOf(string file, string folder)
    {
        string parent = Path.GetDirectoryName(file)!;
        if (parent != folder)
        {
            return Path.GetRelativePath(folder, parent).Split(Path.DirectorySeparatorChar)[0];
        }
        string stem = Path.GetFileNameWithoutExtension(file);
        int end = stem.LastIndexOf('_');
        return end > 0 ? stem[..end] : stem;
    }

    private static Dictionary<string, string> ReadGtins(string file)
    {
        Dictionary<string, string> pairs = ReadPairs(file, "class");
        foreach ((string name, string digits) in pairs)
        {
            string gtin = digits.PadLeft(Gtin.Digits, '0');
            if (digits.Length is not (8 or 12 or 13 or 14) || !Gtin.IsValid14(gtin))
            {
                throw new Replay.ScenarioException($"{file} gives \"{name}\" the GTIN \"{digits}\", which is not 8, 12, 13 or 14 digits with a right check digit; correct it.");
            }
            pairs[name] = gtin;
        }
        return pairs;
    }

    /// <summary>The first two fields of each line; a first line that begins with <paramref name="header"/> is the header.</summary>
    private static Dictionary<string, string> ReadPairs(string file, string header)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;
            string[] fields = line.TrimStart('\uFEFF').Split(',', StringSplitOptions.TrimEntries);
            if (string.IsNullOrWhiteSpace(line) || (number == 1 && fields[0].StartsWith(header, StringComparison.OrdinalIgnoreCase)))
            {
                continue;
            }
            if (fields.Length < 2 || fields[0].Length == 0 || fields[1].Length == 0 || !pairs.TryAdd(Key(fields[0]), fields[1]))
            {
                throw new Replay.ScenarioException(string.Create(
                    CultureInfo.InvariantCulture, $"{file}, line {number} is \"{line}\": a class that stands there once, a comma and its value are expected."));
            }
        }
        return pairs;
    }

    /// <summary>Numbers by their value: class 0 has pictures called 00_01.jpg.</summary>
    private static string Key(string id) =>
        int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number.ToString(CultureInfo.InvariantCulture) : id;
}
