namespace EdgeAgent.Vision.Models;

/// <summary>The models that the agent knows, from <c>models/manifest.json</c>: list them, check the files, fetch them.</summary>
public sealed class ModelCatalog
{
    private readonly string _file;

    private ModelCatalog(string file, IReadOnlyList<ModelEntry> models)
    {
        _file = file;
        Models = models;
    }

    /// <summary>All entries in the order of the manifest.</summary>
    public IReadOnlyList<ModelEntry> Models { get; }

    /// <exception cref="ModelException">The file is missing or not a manifest; the message names file, model and field.</exception>
    public static ModelCatalog Load(string manifestPath)
    {
        byte[] json;
        try
        {
            json = File.ReadAllBytes(manifestPath);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"The model manifest {manifestPath} cannot be read: {unreadable.Message}", unreadable);
        }
        return new ModelCatalog(manifestPath, ModelManifest.Parse(json, manifestPath));
    }

    /// <summary>One entry in the form of the manifest, read as strictly.</summary>
    /// <param name="where">Names the text in messages.</param>
    /// <exception cref="ModelException">It is none; the message names the field.</exception>
    public static ModelEntry ReadEntry(ReadOnlyMemory<byte> json, string where)
    {
        IReadOnlyList<ModelEntry> entries = ModelManifest.Parse(json, where);
        return entries.Count == 1 ? entries[0] : throw new ModelException($"{where} has {entries.Count} models, one is expected.");
    }

    /// <summary>The same catalog with further entries; one of a name and role that is taken stands in its place.</summary>
    public ModelCatalog With(IReadOnlyCollection<ModelEntry> entries) => entries.Count == 0
        ? this
        : new ModelCatalog(_file, [.. entries, .. Models.Where(m => !entries.Any(e => e.Name == m.Name && e.Role == m.Role))]);

    /// <summary>The entry of that name and role.</summary>
    /// <exception cref="ModelException">There is none; the message lists those of the role.</exception>
    public ModelEntry Find(string name, string role)
    {
        var names = new List<string>();
        foreach (ModelEntry entry in Models)
        {
            if (entry.Role != role)
            {
                continue;
            }
            if (entry.Name == name)
            {
                return entry;
            }
            names.Add(entry.Name);
        }
        throw new ModelException($"{_file} has no model '{name}' for {role}; it has {string.Join(", ", names)}.");
    }

    /// <summary>Checks each file: size, hash, structure, tensors, and that ONNX Runtime opens it.</summary>
    /// <param name="names">Which models; null for all.</param>
    public IReadOnlyList<ModelCheck> Verify(string directory, IReadOnlyCollection<string>? names = null)
    {
        var checks = new List<ModelCheck>();
        foreach (ModelEntry entry in Choose(names))
        {
            string? problem = null;
            try
            {
                using OnnxModel opened = OnnxModel.Open(entry, directory, threads: 1);
            }
            catch (ModelException wrong)
            {
                problem = wrong.Message;
            }
            checks.Add(new ModelCheck(entry, problem));
        }
        return checks;
    }

    /// <summary>Fetches each file that is not there and whole; a file with another hash is refused and leaves nothing behind.</summary>
    /// <param name="from">A directory, an http(s) base address, or null for each entry's own address.</param>
    /// <exception cref="ModelException">A file could not be fetched or is not the one of the manifest.</exception>
    public async Task PullAsync(
        string directory,
        string? from,
        IReadOnlyCollection<string>? names,
        HttpClient http,
        Action<PullProgress>? progress,
        CancellationToken cancellation)
    {
        foreach (ModelEntry entry in Choose(names))
        {
            await ModelPull.FetchAsync(entry, directory, from, http, progress, cancellation);
        }
    }

    private List<ModelEntry> Choose(IReadOnlyCollection<string>? names)
    {
        var chosen = new List<ModelEntry>();
        foreach (ModelEntry entry in Models)
        {
            if (names is null || names.Contains(entry.Name))
            {
                chosen.Add(entry);
            }
        }
        foreach (string name in names ?? [])
        {
            if (!chosen.Exists(entry => entry.Name == name))
            {
                throw new ModelException($"{_file} has no model '{name}'; 'edge-agent models list' shows those it has.");
            }
        }
        return chosen;
    }
}

/// <summary>The result for one model file; <paramref name="Problem"/> is one sentence, or null when all is well.</summary>
public sealed record ModelCheck(ModelEntry Model, string? Problem);

/// <summary>How far a download is.</summary>
/// <param name="Total">Null where nobody states the size.</param>
/// <param name="Done">Marks the last report of a model.</param>
public readonly record struct PullProgress(ModelEntry Model, long Bytes, long? Total, bool Done);
